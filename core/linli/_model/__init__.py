"""What plugins declare: workflows as classes, inputs as classes, one shape of callback. See docs/contract.md."""
