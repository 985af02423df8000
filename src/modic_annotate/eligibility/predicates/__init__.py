"""The computable forms a criterion can have: one class per kind, joined in ``union``."""
