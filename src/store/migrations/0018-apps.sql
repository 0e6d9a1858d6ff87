-- Applications that people use, beside the machine clients: their name and addresses. Nothing: a machine client.
ALTER TABLE oauth_client ADD COLUMN app jsonb;
