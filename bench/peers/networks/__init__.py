"""Small networks of many kinds, for the goldens that autograd_goldens.py writes."""
