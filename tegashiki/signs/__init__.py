"""One word of sign language from body landmarks over time.

A "sign" is a word of sign language, a "signer" a person who signs, a "take" one recording of one
sign; a "reader" turns a take into probabilities of words. The way through the room:

- data: `landmarks` (543 points a frame, and how sets of them are read), `datasets` (sets by name),
  `synthetic` (made-up signers), `normal_form` (67 joints around the shoulders), `augmentation`
- features: `frame_features` (of a frame, and their statistics over time), `spectrum` (of cycles),
  `geometry` (what camera and build change little)
- readers: `classifier` (networks) with `trainer`; `ridge`; `forest` (growing trees) with
  `forest_network` (trees as a network); `geometry_forest` (scikit-learn's trees, in a small file);
  `kernel_ridge`, and `rbf_network` (it in a small file); `blend` (two readers together)
- judging: `cross_validation` (leave-one-signer-out, one for all readers), `evaluation`
- release: `recognizer` (the exported file and its reader), `model_card`; `page` and `web/` (a
  static page that reads signs from the camera, built with the pad)
"""
