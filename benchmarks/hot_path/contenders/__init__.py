"""The same data served in other ways, each as its users would write it."""
