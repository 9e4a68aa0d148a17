-- Why: an alert may say how its entry is sent. The limit of a stop and the hours an order is for must be there again when the order is sent,
-- and when its stop has to be placed once more. Orders from before had plain stops, and were for regular hours.
ALTER TABLE "orders" ADD COLUMN "stop_loss_limit_price" numeric;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "extended_hours" boolean DEFAULT false NOT NULL;
