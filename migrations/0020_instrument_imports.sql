-- Why: sectors are limits now, not only labels of the search copy: what a person says of a ticker must win over what ships, survive each
-- start's reading of the shipped file, and be given back. Whatever ships under a person's word is kept beside it.
ALTER TABLE "instruments" ADD COLUMN "source" text DEFAULT 'signalbox' NOT NULL;--> statement-breakpoint
ALTER TABLE "instruments" ADD COLUMN "imported_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "instruments" ADD COLUMN "imported_by" text;--> statement-breakpoint
ALTER TABLE "instruments" ADD COLUMN "shipped" jsonb;--> statement-breakpoint
ALTER TABLE "instruments" ADD CONSTRAINT "instruments_source" CHECK (
  source in ('s-and-p-500-companies', 'signalbox', 'import')
  and (source = 'import') = (imported_at is not null) and (source = 'import') = (imported_by is not null)
  and (source = 'import' or shipped is null)
);
