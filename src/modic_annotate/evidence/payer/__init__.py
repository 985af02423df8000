"""The payer's document: one merged PDF with two identifiers and its page count on every page.

It holds what a reviewer asks for and nothing of the workspace's inner life: no audit trail, no
times of work, no drafts. The person's identity comes from a file, is drawn, and is not kept.
"""
