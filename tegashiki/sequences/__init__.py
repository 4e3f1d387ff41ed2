"""What a recurrent network is: sequences, small networks, and what they have to beat."""
