"""What runs without a person: plain tasks over use cases, and two ways to run them."""
