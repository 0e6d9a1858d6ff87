-- A patient can let a proxy write to care on their behalf, and not only read. SPEC STORE-DOOR, JRN-DOOR-PROXY
ALTER TABLE representation ADD COLUMN writes boolean NOT NULL DEFAULT false CHECK (kind = 'proxy' OR NOT writes);
