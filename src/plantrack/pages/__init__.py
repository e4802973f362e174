"""The pages: the same audiences as the API's, as HTML that works without a script."""
