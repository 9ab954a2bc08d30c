"""OAuth 2 with the owner's own client id: sign in once, keep the tokens, renew them (docs/providers/oauth.md)."""
