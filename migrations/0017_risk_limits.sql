-- Why: every limit is a row with a version, an author and a reason, for everything, an account, a strategy, a sector or a symbol; what the
-- settings and the accounts held of limits until now becomes the first version of each.
CREATE TABLE "risk_limits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"scope_kind" text NOT NULL CHECK (scope_kind IN ('everything', 'account', 'strategy', 'sector', 'symbol')),
	"scope_name" text NOT NULL CHECK ((scope_kind = 'everything') = (scope_name = '')),
	"version" integer NOT NULL CHECK (version > 0),
	"removed" boolean NOT NULL,
	"enabled" boolean NOT NULL,
	"severity" text NOT NULL CHECK (severity IN ('deny', 'reduce', 'ask', 'warn')),
	"parameters" jsonb NOT NULL,
	"author" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "risk_limits_version" ON "risk_limits" USING btree ("rule","scope_kind","scope_name","version" DESC NULLS LAST);
--> statement-breakpoint
CREATE FUNCTION refuse_limit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'limits are kept as they were: a change is a new version';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "risk_limits_append_only" BEFORE UPDATE OR DELETE ON "risk_limits" FOR EACH ROW EXECUTE FUNCTION refuse_limit_change();
--> statement-breakpoint
-- Amounts and shares were bounded otherwise: what the rules cannot read any more becomes the most they can, which is stricter, as a limit
-- that cannot be read refuses every entry. An account that had no limit on its orders, whatever the settings said, is exempt from theirs.
WITH names (old, rule, parameter, most) AS (VALUES
	('maxAlertAgeSeconds', 'alert-age', 'maxAgeSeconds', NULL),
	('maxPriceDistance', 'price-against-quote', 'maxDistance', 1),
	('maxPositionOfEquity', 'max-position', 'maxShareOfEquity', 20),
	('maxExposureOfEquity', 'max-exposure', 'maxShareOfEquity', 20),
	('maxOpenOrders', 'max-open-orders', 'maxOrders', NULL),
	('maxOrderValue', 'max-order-value', 'maxValue', 1000000000000),
	('maxDailyLossOfEquity', 'daily-loss', 'maxShareOfEquity', 1),
	('maxQuoteAgeSeconds', 'live-quote', 'maxAgeSeconds', NULL),
	('defaultBarSeconds', 'duplicate-in-bar', 'barSeconds', NULL)
), held AS (
	SELECT 'everything' AS scope_kind, '' AS scope_name, value AS limits, updated_by AS author, updated_at AS at
	FROM settings WHERE key = 'risk'
	UNION ALL
	SELECT 'account', id::text, limits, 'an earlier version', now() FROM accounts WHERE limits <> '{}'::jsonb
)
INSERT INTO risk_limits (id, rule, scope_kind, scope_name, version, removed, enabled, severity, parameters, author, reason, at)
SELECT gen_random_uuid(), names.rule, held.scope_kind, held.scope_name, 1, false, held.limits ->> names.old IS NOT NULL, 'deny',
	CASE
		WHEN held.limits ->> names.old IS NULL THEN '{}'::jsonb
		WHEN names.most IS NULL THEN jsonb_build_object(names.parameter, held.limits -> names.old)
		ELSE jsonb_build_object(
			names.parameter, trim_scale(trunc(least((held.limits ->> names.old)::numeric, names.most), 9))::text)
	END,
	held.author, 'As it was set before limits had versions', held.at
FROM held JOIN names ON held.limits ? names.old
WHERE held.limits ->> names.old IS NOT NULL OR held.scope_kind = 'account';
--> statement-breakpoint
DELETE FROM settings WHERE key = 'risk';
--> statement-breakpoint
ALTER TABLE "accounts" DROP COLUMN "limits";
