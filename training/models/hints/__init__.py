"""What a generator is told of its hints at each level: nothing here is learned."""
