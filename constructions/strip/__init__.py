"""Beyond the paper: what mini-batch gradient descent can do between 1/rho and log(n)/rho^2, one step that reads a whole batch."""
