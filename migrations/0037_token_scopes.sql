-- Why: a script gets a token that may do what it is for and no more, of a person who answers for it, for a time that ends. The
-- installation's own tokens have no maker and no scopes: they may do what their role may.
ALTER TABLE "api_tokens" ADD COLUMN "prefix" text;
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "scopes" text[];
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "made_by" text REFERENCES "auth_users"("id") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "expires_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "reason" text;
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_end" CHECK (made_by IS NULL OR (scopes IS NOT NULL AND (expires_at IS NOT NULL OR reason IS NOT NULL)));
