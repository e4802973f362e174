"""What each request goes by, page or API: who asks, may they, what is sent, how it is answered."""
