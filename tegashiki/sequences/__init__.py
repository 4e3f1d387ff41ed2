"""What a recurrent network is: sine waves, characters, sentiment, parts of speech, electricity.

- `datasets`: public texts and series where they are, and `synthetic` ones that need no download
- `recurrent`: small networks from one configuration, and the same with their state passed around
- `baselines`: what a network has to beat: autoregression, n-grams, compression, bags of words
"""
