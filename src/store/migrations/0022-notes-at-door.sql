-- The patient's own notes are read at the patient's own door: Compositions by the policy that the other types of the door have (0015).
-- SPEC STORE-DOOR-1

GRANT SELECT ON composition TO eira_door;
CREATE POLICY door ON composition FOR SELECT TO eira_door USING (patient = (SELECT eira_door(2))
  AND (other_patients IS NULL OR other_patients <@ ARRAY[(SELECT eira_door(2))])
  AND ((SELECT eira_door(3)) = '*' OR care_unit = ANY ((SELECT eira_door_list(3))::text[]))
  AND NOT tokens && (SELECT eira_door_list(4)::int8[]));
