-- Who may be sent the corrected mailing, counted again from the raw files alone: plain SQL for DuckDB, written from the
-- rules and not from the program. Run it in the folder that holds members.csv:
--   cd .demo/2017-parenting-club/data && duckdb < ../recount.sql
-- The table `recounted` holds the records; the last statement counts.

CREATE OR REPLACE MACRO folded(t) AS regexp_replace(strip_accents(lower(t)), '[\s\-''’‘.,]', '', 'g');
CREATE OR REPLACE MACRO squeezed(t) AS upper(replace(t, ' ', ''));
-- The earliest and the latest instant a time can be, in milliseconds: a bare date is a whole day, a time without an
-- offset may be summer time.
CREATE OR REPLACE MACRO has_offset(t) AS regexp_matches(t, 'T.*(Z|[+-]\d\d:\d\d)$');
CREATE OR REPLACE MACRO earliest(t) AS CASE
  WHEN has_offset(t) THEN epoch_ms(TRY_CAST(t AS TIMESTAMPTZ))
  ELSE epoch_ms(TRY_CAST(t AS TIMESTAMP)) - 3600000 END;
CREATE OR REPLACE MACRO latest(t) AS CASE
  WHEN has_offset(t) THEN epoch_ms(TRY_CAST(t AS TIMESTAMPTZ))
  ELSE epoch_ms(TRY_CAST(t AS TIMESTAMP)) + CASE WHEN length(t) = 10 THEN 86400000 ELSE 0 END END;
CREATE OR REPLACE MACRO cut_off() AS epoch_ms(TIMESTAMP '2017-05-05 08:00:00');
-- Keys on which two records are taken to be one person's, and the key of a near match.
CREATE OR REPLACE MACRO home_key(surname, address, postcode) AS
  CASE WHEN surname <> '' AND address <> '' AND postcode <> ''
    THEN 'home ' || folded(surname) || ' ' || folded(address) || ' ' || squeezed(postcode) END;
CREATE OR REPLACE MACRO near_key(surname, postcode) AS
  CASE WHEN folded(surname) <> '' AND postcode <> '' THEN squeezed(postcode) || ' ' || left(folded(surname), 3) END;

CREATE OR REPLACE TEMP TABLE member AS
  SELECT COLUMNS(*)::VARCHAR FROM (
    SELECT coalesce(COLUMNS(*), '') FROM read_csv('members.csv', header = true, all_varchar = true));
CREATE OR REPLACE TEMP TABLE event AS
  SELECT coalesce(COLUMNS(*), '') FROM read_csv('preferences.csv', header = true, all_varchar = true);

-- 1. Shown the corrected notice, under a notice at joining that is known, in a way that counts.
CREATE OR REPLACE TEMP TABLE shown AS
  SELECT member_id AS id, asked_on AS on_day, asked_status AS delivery FROM member WHERE asked_on <> ''
  UNION ALL
  SELECT record, left(received, 10), delivery FROM event WHERE kind = 'presented' AND notice = 'asked@2017';
CREATE OR REPLACE TEMP TABLE told AS
  WITH known AS (
    SELECT member_id, joined_on,
      -- A version or a form that was not out on the day of joining is a mistake in the record, and tells nothing.
      CASE WHEN notice_version <> '' THEN
             notice_version = 'web@2011' AND joined_on BETWEEN '2011-06-01' AND '2014-02-28'
             OR notice_version = 'web@2014' AND joined_on BETWEEN '2014-03-01' AND '2016-02-29'
             OR notice_version = 'web@2016' AND joined_on >= '2016-03-01'
           WHEN form_code <> '' THEN
             form_code = 'PF-03' AND joined_on BETWEEN '2009-01-01' AND '2013-12-31'
             OR form_code = 'PF-07' AND joined_on >= '2012-01-01'
             OR form_code = 'PF-12' AND joined_on >= '2015-01-01'
           WHEN joined_by = 'web' THEN joined_on >= '2008-04-01'
           WHEN joined_by = 'paper' THEN joined_on >= '2009-01-01'
           WHEN joined_by = 'phone' THEN joined_on BETWEEN '2014-03-01' AND '2016-02-29'
           ELSE false END AS notice_known,
      -- Paper forms were collected on consent: for them what is new needs consent; for the web, proof and a month.
      notice_version = '' AND (form_code <> '' OR joined_by = 'paper') AS on_consent
    FROM member)
  SELECT DISTINCT member_id FROM known JOIN shown ON shown.id = member_id
  -- What was sent before the record was made adds nothing; what bounced afterwards is not proved to have arrived.
  WHERE notice_known AND on_day >= joined_on AND (
    on_consent AND delivery IN ('delivered', 'sent')
    OR NOT on_consent AND delivery = 'delivered'
      AND NOT EXISTS (
        SELECT 1 FROM shown AS back
        WHERE back.id = member_id AND back.delivery = 'bounced' AND back.on_day >= shown.on_day)
      AND CAST(on_day AS DATE) + 30 <= DATE '2017-05-05');

-- 2. Said yes, by the cut-off.
CREATE OR REPLACE TEMP TABLE consented AS
  SELECT member_id FROM member WHERE optin_post = 'Y' AND optin_on <> '' AND latest(optin_on) < cut_off()
  UNION
  SELECT record FROM event
  WHERE kind = 'consent' AND notice = 'asked@2017' AND consent = 'labour-post'
    AND earliest(signed) IS NOT NULL AND latest(received) < cut_off();

-- 3. In the audience, alive, of age, at home; where that is not said it is not taken for granted. A child who died, or
-- whose date nobody knows, is not "under five"; and one of whom it is not known makes the whole record unreadable.
CREATE OR REPLACE TEMP TABLE child AS
  SELECT member_id, child1_name AS name, child1_born AS born, child1_died AS died FROM member
  UNION ALL SELECT member_id, child2_name, child2_born, child2_died FROM member
  UNION ALL SELECT member_id, child3_name, child3_born, child3_died FROM member;
CREATE OR REPLACE TEMP TABLE with_child AS
  SELECT member_id FROM child WHERE name || born || died <> ''
  GROUP BY member_id
  HAVING bool_or(died IN ('', 'N') AND born BETWEEN '2012-06-09' AND '2017-06-08')
    AND NOT bool_or(died NOT IN ('', 'N', 'Y') OR died IN ('', 'N') AND born = '');
CREATE OR REPLACE TEMP TABLE candidate AS
  SELECT member.* FROM member
  SEMI JOIN told USING (member_id) SEMI JOIN consented USING (member_id) SEMI JOIN with_child USING (member_id)
  WHERE deceased = 'N' AND gone_away = 'N' AND address_1 <> '' AND postcode <> ''
    AND born_on <> '' AND born_on <= '1999-05-05'
    AND squeezed(postcode) IN (
      SELECT squeezed(postcode) FROM read_csv('areas.csv', header = true, all_varchar = true)
      WHERE area IN (SELECT area FROM read_csv('seats.csv', header = true, all_varchar = true)));

-- 4. Stops that meet a letter from the Labour Party: all but those about e-mail alone, or about another company alone.
CREATE OR REPLACE TEMP TABLE stop AS
  SELECT event, record, purpose, organisation, "contact-channel" AS channel, field, latest(received) AS received_by,
    email, phone, surname, "address-line" AS address, postcode
  FROM event
  WHERE kind NOT IN ('consent', 'lift', 'presented')
    AND "contact-channel" IN ('', 'post') AND organisation <> 'acorn-toys'
    AND least(earliest(signed), earliest(received), earliest(logged)) <= cut_off();
CREATE OR REPLACE TEMP TABLE member_key AS
  SELECT member_id, 'email ' || lower(trim(email)) AS key FROM member WHERE email <> ''
  UNION ALL SELECT member_id, 'phone ' || phone FROM member WHERE phone <> ''
  UNION ALL SELECT member_id, 'birth ' || born_on || ' ' || squeezed(postcode) FROM member WHERE born_on <> '' AND postcode <> ''
  UNION ALL SELECT member_id, home_key(surname, address_1, postcode) FROM member;
CREATE OR REPLACE TEMP TABLE stop_key AS
  SELECT event, key FROM stop JOIN member_key ON member_id = record
  UNION SELECT event, 'email ' || lower(trim(email)) FROM stop WHERE email <> ''
  UNION SELECT event, home_key(surname, address, postcode) FROM stop WHERE address <> '';
CREATE OR REPLACE TEMP TABLE reached AS
  SELECT member_id, event FROM candidate JOIN stop ON member_id = record
  UNION
  SELECT candidate.member_id, event FROM candidate JOIN member_key USING (member_id) JOIN stop_key USING (key)
  UNION
  -- A letter that matches nobody surely reaches everyone it may be from.
  SELECT member_id, event FROM candidate JOIN stop
    ON near_key(candidate.surname, candidate.postcode) = near_key(stop.surname, stop.postcode)
  WHERE stop.record = ''
    AND NOT EXISTS (SELECT 1 FROM stop_key JOIN member_key USING (key) WHERE stop_key.event = stop.event);
-- Lifted for a record: by its later consent for the very same thing, or by an act that showed the stop.
CREATE OR REPLACE TEMP TABLE lifted AS
  SELECT reached.member_id, reached.event
  FROM reached JOIN stop USING (event) JOIN event AS yes ON yes.record = reached.member_id
  WHERE earliest(yes.signed) > stop.received_by AND latest(yes.received) < cut_off()
    AND (yes.kind = 'lift' AND yes.lifts = reached.event
      OR yes.kind = 'consent'
        AND yes.purpose || yes.organisation || yes."contact-channel" || yes.field <> ''
        AND (yes.purpose, yes.organisation, yes."contact-channel", yes.field)
          = (stop.purpose, stop.organisation, stop.channel, stop.field));
CREATE OR REPLACE TEMP TABLE stopped AS
  SELECT DISTINCT member_id FROM (SELECT member_id, event FROM reached EXCEPT SELECT member_id, event FROM lifted);

-- 5. Suppression lists: the same surname (its first three letters) at the same postcode is near enough.
CREATE OR REPLACE TEMP TABLE line AS
  SELECT 'mps' AS list, line FROM read_csv('mps.txt', header = false, columns = {'line': 'VARCHAR'}, delim = '\t', quote = '', escape = '')
  UNION ALL
  SELECT 'baby-mps', line FROM read_csv('baby-mps.txt', header = false, columns = {'line': 'VARCHAR'}, delim = '\t', quote = '', escape = '');
CREATE OR REPLACE TEMP TABLE listed AS
  SELECT near_key(surname, postcode) AS near, NULL AS household
    FROM (SELECT coalesce(COLUMNS(*), '') FROM read_csv('own-stops.csv', header = true, all_varchar = true))
  UNION ALL
  SELECT near_key(trim(substring(line, 96, 50)), trim(substring(line, 406, 8))), NULL FROM line WHERE list = 'mps'
  UNION ALL
  SELECT near_key(trim(substring(line, 57, 25)), trim(substring(line, 242, 8))),
    squeezed(substring(line, 242, 8)) || ' ' || folded(substring(line, 82, 32)) FROM line WHERE list = 'baby-mps';

CREATE OR REPLACE TEMP TABLE recounted AS
  SELECT member_id, first_name, surname, address_1, postcode FROM candidate
  WHERE member_id NOT IN (SELECT member_id FROM stopped)
    AND near_key(surname, postcode) NOT IN (SELECT near FROM listed WHERE near IS NOT NULL)
    AND squeezed(postcode) || ' ' || folded(address_1) NOT IN (SELECT household FROM listed WHERE household IS NOT NULL);

SELECT (SELECT count(*) FROM member) AS members, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM consented) AS consented,
  (SELECT count(*) FROM candidate) AS candidates, (SELECT count(*) FROM stopped) AS stopped, (SELECT count(*) FROM recounted) AS released;
