/**
 * The rules of membership once more, in SQL over the server's own tables, written from the reference's table: what state each
 * membership of a group should be in. Only the states before and since when vouches are missing are its own.
 */
export const MODEL_SCHEMA = `
  create table model (group_no integer, account_no integer, state text not null, below bigint,
                      primary key (group_no, account_no))`

/** An act of somebody: what it makes of a membership; $3 null: it is gone. Afterwards rules act. */
export const MODEL_ACT = `
  insert into model (group_no, account_no, state) values ($1::int, $2::int, $3::text)
  on conflict (group_no, account_no)
  do update set state = excluded.state, below = case when excluded.state in ('nominated', 'approved') then null else model.below end`

/** One round of the rules for a group ($1), as of a moment ($2), by a policy ($3, whole, as JSON); $4: the moment before. */
export const MODEL_ROUND = `
  with recursive p as materialized (select r.* from jsonb_to_record($3::jsonb) as r(
      "targetInvouch" int, "minInvouch" int, "invouchGraceDays" int, "minOutvouch" int, "pleaseVouch" boolean,
      "maxVouchDays" int, "pgpRequired" boolean, "keyGraceDays" int, "canTimeOut" boolean, "maxInactivityDays" int,
      "idleGuardDays" int, "distinctOrganisations" int, "ringDetection" boolean)),
  -- vouches that failing ended at this moment were what it was decided by
  standing as materialized (
    select v.voucher_no, v.vouchee_no, coalesce(lower(trim(f.affiliation)), '') as organisation, v.ended_micros
      from vouch v
      join model m on m.group_no = v.group_no and m.account_no = v.voucher_no
       and m.state in ('approved', 'active', 'inactive', 'soonidle', 'idle', 'deceased')
      left join profile f on f.account_no = v.voucher_no
     where v.group_no = $1 and (v.expires_micros is null or v.expires_micros > $2)
       and (v.ended_micros is null or (v.end_reason = 'nomination-failed' and v.ended_micros > $4))),
  reach as (
    select voucher_no as a, vouchee_no as b from standing, p where ended_micros is null and p."ringDetection"
    union
    select r.a, s.vouchee_no from reach r join standing s on s.voucher_no = r.b and s.ended_micros is null),
  circle as (
    select x.a as person, min(x.b) as ring, array_agg(x.b) as members
      from reach x join reach y on y.a = x.b and y.b = x.a group by x.a having count(*) > 1),
  ring as (
    select c.person, c.ring from circle c
     where not exists (select 1 from standing s where s.ended_micros is null and s.vouchee_no = any(c.members) and s.voucher_no <> all(c.members))
       and not exists (select 1 from membership m where m.group_no = $1 and m.account_no = any(c.members) and m.admitted <> 'nomination')),
  received as (
    select s.vouchee_no, count(distinct case when r.ring is null then 'm' || s.voucher_no else 'r' || r.ring end) as vouches,
           greatest(count(distinct nullif(organisation, '')), 1) as organisations
      from standing s left join ring r on r.person = s.voucher_no group by 1),
  given as (
    select voucher_no, count(*) as number from vouch
     where group_no = $1 and ended_micros is null and (expires_micros is null or expires_micros > $2) group by 1),
  fact as (
    select m.account_no, o.state, o.below, m.admitted = 'nomination' as nominated,
           coalesce(r.vouches, 0) as vouches, coalesce(r.organisations, 0) as organisations, coalesce(g.number, 0) as given,
           coalesce(n.made_micros, m.created_micros) as entered,
           case when c.certificate_no is null or c.proven_micros is null or c.retired_micros is not null then 'none'
                when c.revoked_micros is not null then 'revoked'
                when c.expires_micros <= $2 then 'expired' else 'good' end as key, c.expires_micros as expired,
           case when a.furlough_from_micros <= $2 and coalesce(a.furlough_until_micros > $2, true) then a.furlough_from_micros
                else $2 end
             - greatest(m.activity_micros, case when a.furlough_until_micros <= $2 then a.furlough_until_micros end) as quiet
      from model o
      join membership m on m.group_no = o.group_no and m.account_no = o.account_no
      join account a on a.account_no = m.account_no
      left join certificate c on c.certificate_no = m.certificate_no
      left join nomination n on n.group_no = m.group_no and n.account_no = m.account_no
            and (n.ended_micros is null or (n.ended_micros > $4 and n.outcome = 'failed'))
      left join received r on r.vouchee_no = m.account_no
      left join given g on g.voucher_no = m.account_no
     where o.group_no = $1),
  judged as (
    select f.*, f.nominated and f.vouches < p."minInvouch" as below_minimum,
           p."pgpRequired" and f.key <> 'good' as no_key,
           p."pleaseVouch" and f.given < p."minOutvouch" as too_few_given,
           p.* from fact f, p),
  next as (
    select account_no, case when below_minimum then coalesce(below, $2) end as below, case
      when state in ('failed', 'blocked', 'deceased') then state
      when state in ('nominated', 'vetted', 'approved') and nominated and vouches = 0 then 'failed'
      when state = 'nominated' and vouches >= greatest("targetInvouch", 1) and organisations >= "distinctOrganisations" then 'vetted'
      when state = 'nominated' and "maxVouchDays" > 0 and $2 > entered + "maxVouchDays" * 86400000000 then 'failed'
      when state in ('nominated', 'vetted') then state
      when state in ('approved', 'inactive') and (no_key or too_few_given or below_minimum) then state
      when too_few_given
        or (no_key and (key <> 'expired' or $2 >= expired + "keyGraceDays" * 86400000000))
        or (below_minimum and $2 >= coalesce(below, $2) + "invouchGraceDays" * 86400000000) then 'inactive'
      when "canTimeOut" and "maxInactivityDays" > 0 and quiet > "maxInactivityDays" * 86400000000 then 'idle'
      when "canTimeOut" and "maxInactivityDays" > 0 and quiet > ("maxInactivityDays" - "idleGuardDays") * 86400000000 then 'soonidle'
      else 'active' end as state
      from judged)
  update model o set state = n.state, below = n.below from next n
   where o.group_no = $1 and o.account_no = n.account_no and (o.state, o.below) is distinct from (n.state, n.below)`
