"""What a cart costs: pure functions over the rules in `shipping.toml` and `tax.toml`, in integer minor units.

`totals` puts together what the other modules say: `allocation` splits an amount exactly, `discounts` says what a code
takes off, `shipping` what delivery costs, and `tax` how much of it is tax. `rules` is the form of the rules.
"""
