-- Why: people have passwords, second factors and passkeys, are invited, switched off and locked out. Of what proves who somebody is, only
-- hashes are kept, but for the secret of a second factor, which is needed in clear and is encrypted.
ALTER TABLE "auth_users" ADD COLUMN "disabled_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "signed_in_by" text NOT NULL DEFAULT 'link' CHECK (signed_in_by IN ('link', 'password', 'passkey', 'invitation'));
--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "proved_at" timestamp with time zone;
--> statement-breakpoint
CREATE INDEX "auth_sessions_user" ON "auth_sessions" USING btree ("user_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "auth_credentials_password" ON "auth_credentials" USING btree ("user_id") WHERE provider_id = 'credential';
--> statement-breakpoint
CREATE TABLE "auth_invitations" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL REFERENCES "auth_users"("id") ON DELETE CASCADE,
	"purpose" text NOT NULL CHECK (purpose IN ('invitation', 'reset')),
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "auth_invitations_user" ON "auth_invitations" USING btree ("user_id");
--> statement-breakpoint
CREATE TABLE "auth_second_factors" (
	"user_id" text PRIMARY KEY NOT NULL REFERENCES "auth_users"("id") ON DELETE CASCADE,
	"sealed_secret" text NOT NULL,
	"begun_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint NOT NULL DEFAULT 0
);
--> statement-breakpoint
CREATE TABLE "auth_recovery_codes" (
	"user_id" text NOT NULL REFERENCES "auth_users"("id") ON DELETE CASCADE,
	"code_hash" text NOT NULL,
	"used_at" timestamp with time zone,
	PRIMARY KEY ("user_id","code_hash")
);
--> statement-breakpoint
CREATE TABLE "auth_passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"public_key" text NOT NULL,
	"user_id" text NOT NULL REFERENCES "auth_users"("id") ON DELETE CASCADE,
	"credential_id" text NOT NULL UNIQUE,
	"counter" integer NOT NULL,
	"device_type" text NOT NULL,
	"backed_up" boolean NOT NULL,
	"transports" text,
	"created_at" timestamp with time zone,
	"aaguid" text
);
--> statement-breakpoint
CREATE INDEX "auth_passkeys_user" ON "auth_passkeys" USING btree ("user_id");
--> statement-breakpoint
CREATE TABLE "auth_lockouts" (
	"subject" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL CHECK (failures > 0),
	"last_failed_at" timestamp with time zone NOT NULL,
	"locked_until" timestamp with time zone
);
