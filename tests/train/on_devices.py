"""Three steps of training on so many logical processors, in a process of its own; prints JSON.

    python -m tests.train.on_devices tensorflow 2 [weights.npz to write]

Devices are divided before a backend is loaded, so a test cannot do it in its own process.
"""

import json
import os
import sys
from pathlib import Path


def main(backend: str, count: str, target: str = "") -> None:
    os.environ |= {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu",
                   "XLA_FLAGS": f"--xla_force_host_platform_device_count={count}",
                   "TF_CPP_MIN_LOG_LEVEL": "3"}
    if backend == "tensorflow":
        import tensorflow as tf

        one = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0],
                                                   [one] * int(count))
    import keras
    import numpy as np

    from tegashiki.tex.tokenizer import PlainTokenizer
    from tegashiki.train import TrainConfig, batches, devices, loop
    from tegashiki.train.learner import Learner
    from tests.toys import formulas, tiny

    chosen, tokenizer, losses = devices.choose(), PlainTokenizer(), []
    with chosen.scope():
        # Names set the seeds' order, so each network is the first of its process.
        keras.utils.set_random_seed(1)
        network = tiny("stroke_transformer", len(tokenizer))
        config = TrainConfig(learning_rate=1e-2, average=0.9, clip=0.5, label_smoothing=0.1)
        learner = Learner(network, config, jit=backend == "jax")
        learner.run_eagerly = backend == "tensorflow"      # three steps take less than tracing
        batch = next(batches.epoch(formulas(5), network, tokenizer, 6))    # one row is padding
        loop.build(learner, batch)
        weights = np.random.default_rng(5)
        for variable in network.weights:        # the backends draw different first weights
            if variable.dtype == "float32" and len(variable.shape) > 1:
                variable.assign(weights.normal(0, 0.15, variable.shape).astype(np.float32))
        for _ in range(3):
            learner.begin_figures()
            learner.train_on_batch(*batch)
            losses.append(learner.figures())
        if target:
            loop.save_weights(Path(target), network)
        said = np.asarray(network(batch[0])["tokens"])
    print(json.dumps({"record": chosen.record, "said": chosen.said, "losses": losses,
                      "logits": said[:, :3, :4].tolist()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
