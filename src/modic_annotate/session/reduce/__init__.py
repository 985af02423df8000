"""Pure reducers: draft and act to the next draft, one module per group of acts."""
