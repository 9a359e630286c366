/**
 * A second model of the table of transitions, in SQL: written from the reference's table and our documented rules, not from
 * the code. It keeps a table of its own, and gets what the world does from the test; everything that hangs on the state it
 * keeps itself.
 */
export const ORACLE_SCHEMA = [
  `create table oracle_member (
     history integer primary key, state text, entered bigint, by_nomination boolean, was_approved boolean not null default false,
     approvers integer[] not null default '{}', below bigint)`,
  `create table oracle_vouch (history integer, voucher integer, expires bigint, primary key (history, voucher))`,
  `create table oracle_world (
     history integer primary key, now bigint, event text, who integer, policy jsonb, given integer, key text, expired bigint,
     activity bigint, away bigint, concerns integer)`,
  `create table oracle_person (history integer, person integer, state text, organisation text, primary key (history, person))`,
  // what vouches amount to, as of now
  `create view oracle_count as
     select w.history, count(p.person)::int as vouches,
            greatest(count(distinct nullif(lower(trim(p.organisation)), ''))::int, least(count(p.person), 1)::int) as organisations
       from oracle_world w
       left join oracle_vouch v on v.history = w.history and coalesce(v.expires > w.now, true)
       left join oracle_person p on p.history = v.history and p.person = v.voucher
             and p.state = any('{approved,active,inactive,soonidle,idle,deceased}')
      group by w.history`,
  // numbers of the policy, and what the rules make of the facts
  `create view oracle_rule as
     select w.history, c.vouches, c.organisations,
            c.vouches >= greatest((policy->>'targetInvouch')::int, 1)
              and c.organisations >= (policy->>'distinctOrganisations')::int as vouched_for,
            (policy->>'maxVouchDays')::int > 0
              and w.now > m.entered + (policy->>'maxVouchDays')::int * 86400000000 as too_late,
            cardinality(m.approvers) >= (policy->>'approvals')::int as approved,
            (policy->>'pgpRequired')::boolean and w.key <> 'good' as no_key,
            (policy->>'pgpRequired')::boolean and w.key <> 'good'
              and (w.key <> 'expired' or w.now >= w.expired + (policy->>'keyGraceDays')::int * 86400000000) as key_lost,
            (policy->>'pleaseVouch')::boolean and w.given < (policy->>'minOutvouch')::int as too_few_given,
            m.by_nomination and c.vouches < (policy->>'minInvouch')::int as below_minimum,
            m.by_nomination and c.vouches < (policy->>'minInvouch')::int
              and w.now >= coalesce(m.below, w.now) + (policy->>'invouchGraceDays')::int * 86400000000 as minimum_lost,
            (policy->>'canTimeOut')::boolean and (policy->>'maxInactivityDays')::int > 0 as times_out,
            coalesce(w.away, w.now) - w.activity as quiet,
            (policy->>'maxInactivityDays')::int * 86400000000 as most_quiet,
            (policy->>'idleGuardDays')::int * 86400000000 as guard
       from oracle_world w join oracle_member m using (history) join oracle_count c using (history)`,
]

/** What the world is after the next event: $1 is JSON, an array of one record for each history. */
export const ORACLE_WORLD = [
  `delete from oracle_world`,
  `delete from oracle_person`,
  `insert into oracle_world
     select * from jsonb_to_recordset($1::jsonb) as r(history integer, now bigint, event text, who integer, policy jsonb,
       given integer, key text, expired bigint, activity bigint, away bigint, concerns integer)`,
  `insert into oracle_person
     select r.history, p.person, p.state, p.organisation
       from jsonb_to_recordset($1::jsonb) as r(history integer, people jsonb),
            jsonb_to_recordset(r.people) as p(person integer, state text, organisation text)`,
]

/** What people do. */
export const ORACLE_ACTS = [
  // a nomination begins anew, and is a vouch
  `insert into oracle_member (history)
     select history from oracle_world where event in ('nominate', 'add') on conflict do nothing`,
  `insert into oracle_vouch (history, voucher, expires)
     select w.history, w.who,
            case when (policy->>'vouchDays')::int > 0 then w.now + (policy->>'vouchDays')::int * 86400000000 end
       from oracle_world w join oracle_member m using (history)
      where (w.event = 'nominate' and (m.state is null or m.state = 'failed'))
         or (w.event = 'vouch' and m.state = any('{nominated,vetted,approved,active,inactive,soonidle,idle}'))
     on conflict (history, voucher) do update set expires = excluded.expires`,
  `delete from oracle_vouch v using oracle_world w
    where w.history = v.history and w.event = 'withdraw' and w.who = v.voucher`,
  `update oracle_member m
      set state = case w.event when 'nominate' then 'nominated' else 'approved' end, entered = w.now, approvers = '{}',
          by_nomination = w.event = 'nominate', was_approved = w.event = 'add', below = null
     from oracle_world w
    where w.history = m.history and w.event in ('nominate', 'add') and (m.state is null or m.state = 'failed')`,
  `update oracle_member m
      set approvers = array(select distinct unnest(m.approvers || w.who))
     from oracle_world w where w.history = m.history and w.event = 'approve' and m.state = 'vetted'`,
  `update oracle_member m set state = 'approved', was_approved = true
     from oracle_world w join oracle_rule r using (history)
    where w.history = m.history and w.event = 'approve' and m.state = 'vetted'
      and r.vouched_for and r.approved and w.concerns = 0`,
  `update oracle_member m
      set state = case w.event when 'block' then 'blocked' when 'memorialise' then 'deceased'
                               when 'reinstate' then case when m.was_approved then 'approved' else 'failed' end end
     from oracle_world w
    where w.history = m.history
      and case w.event when 'block' then m.state not in ('blocked', 'deceased')
                       when 'memorialise' then m.state <> 'deceased'
                       when 'reinstate' then m.state in ('blocked', 'deceased')
                       when 'leave' then m.state = any('{approved,active,inactive,soonidle,idle}')
                       when 'remove' then m.state is not null
                       else false end`,
  `delete from oracle_vouch v using oracle_member m, oracle_world w
    where m.history = v.history and w.history = v.history
      and (m.state is null or (w.event = 'reinstate' and m.state = 'failed'))`,
]

/** What the rules do: the settled state of every membership, in one statement. */
export const ORACLE_SETTLE = `
  update oracle_member m
     set below = case when r.below_minimum then coalesce(m.below, w.now) end,
         state = case
           when m.state is null then null
           when m.state in ('nominated', 'vetted', 'approved') and m.by_nomination and r.vouches = 0 then 'failed'
           when m.state = 'nominated' and r.vouched_for then 'vetted'
           when m.state = 'nominated' and r.too_late then 'failed'
           when m.state in ('nominated', 'vetted', 'failed', 'blocked', 'deceased') then m.state
           when m.state in ('approved', 'inactive') and (r.no_key or r.too_few_given or r.below_minimum) then m.state
           when r.key_lost or r.too_few_given or r.minimum_lost then 'inactive'
           when r.times_out and r.quiet > r.most_quiet then 'idle'
           when r.times_out and r.quiet > r.most_quiet - r.guard then 'soonidle'
           else 'active'
         end
    from oracle_world w join oracle_rule r using (history)
   where w.history = m.history`

/** Who failed has no vouches any more. */
export const ORACLE_AFTER = `
  delete from oracle_vouch v using oracle_member m where m.history = v.history and m.state = 'failed'`

/** The states, by history. */
export const ORACLE_STATES = `select history, state from oracle_member order by history`
/** Empties the model. */
export const ORACLE_FORGET = ['delete from oracle_member', 'delete from oracle_vouch']
