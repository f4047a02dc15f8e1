"""What tests share: servers, applications and clients. Real ones; nothing of ours is mocked."""
