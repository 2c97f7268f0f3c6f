"""Images, texts, audios, figures and distributions, and the bytes that belong to runs."""
