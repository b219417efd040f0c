"""GENERATED from proto/ by `make wire`; do not edit. What callers and services say to each other."""
