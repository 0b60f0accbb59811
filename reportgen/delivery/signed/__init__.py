"""What is signed: the keys, the tokens, and the links and addresses that carry them."""
