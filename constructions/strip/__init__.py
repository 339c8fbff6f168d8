"""Beyond the paper: one step of gradient descent that reads a whole batch, between 1/rho and log(n)/rho^2."""
