-- A kept document belongs to the patient that it is about, and content to the patient on whose terms it is read: whose it is stands
-- in the access log. Rows that are there get their patient here; their place (home) follows when they are written next, and until
-- then they are found by looking everywhere, like everything whose patient has changed. SPEC SEARCH-PAT-4

-- What $document has kept: its first entry is the Composition that is here, of the patient that this is of.
UPDATE bundle AS b SET patient = c.patient
  FROM composition AS c
 WHERE b.patient IS NULL AND c.patient IS NOT NULL
   AND strpos(b.content, '"type":"document"') > 0
   AND c.id = substring(b.content::json #>> '{entry,0,fullUrl}' FROM '/Composition/([A-Za-z0-9.-]{1,64})$')
   AND b.content::json #>> '{entry,0,resource,subject,reference}' = 'Patient/' || c.patient;

UPDATE history AS h SET patient = c.patient
  FROM composition AS c
 WHERE h.type = 'Bundle' AND h.patient IS NULL AND c.patient IS NOT NULL
   AND strpos(h.content, '"type":"document"') > 0
   AND c.id = substring(h.content::json #>> '{entry,0,fullUrl}' FROM '/Composition/([A-Za-z0-9.-]{1,64})$')
   AND h.content::json #>> '{entry,0,resource,subject,reference}' = 'Patient/' || c.patient;

UPDATE "binary" AS b SET patient = substring(b.content::json #>> '{securityContext,reference}' FROM '^Patient/([A-Za-z0-9.-]{1,64})(?:/_history/|$)')
 WHERE b.patient IS NULL AND strpos(b.content, '"securityContext":{"reference":"Patient/') > 0;

UPDATE history AS h SET patient = substring(h.content::json #>> '{securityContext,reference}' FROM '^Patient/([A-Za-z0-9.-]{1,64})(?:/_history/|$)')
 WHERE h.type = 'Binary' AND h.patient IS NULL AND strpos(h.content, '"securityContext":{"reference":"Patient/') > 0;
