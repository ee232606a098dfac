"""Rules: one module a family or a part of one."""
