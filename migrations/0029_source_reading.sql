-- Why: what a text or a bare number means was set in the program that the alerts were written for. It is set with their source here: a template
-- for text that no dialect knows, and the units of PineConnector's numbers. Null: nothing is set.
ALTER TABLE "webhook_tokens" ADD COLUMN "reading" jsonb;
