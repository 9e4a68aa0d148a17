-- Why: whoever moves here from another receiver has a webhook for each of its strategies, whose alerts name neither their language nor
-- their strategy. A source says both for them. Null: each alert by its shape, and the strategy `default`, as it always was.
ALTER TABLE "webhook_tokens" ADD COLUMN "dialect" text;--> statement-breakpoint
ALTER TABLE "webhook_tokens" ADD COLUMN "strategy" text;
