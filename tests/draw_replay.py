#!/usr/bin/env python3
"""Replays the random draw 随机抽取 of a proof file, by docs/DRAW.md and nothing of the service's own code.

    python3 tests/draw_replay.py PROOF.json [COMMITMENT]

Also replays look-back samples and draws of visits that are made again. COMMITMENT is the SHA-256 that the approver
kept, or that of the other proofs. Prints the draw and exits with 0, or prints what differs and exits with 1. Needs
Python 3.8 and its standard library only.
"""
import datetime
import hashlib
import hmac
import json
import sys


class Differs(Exception):
    pass


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(label, data):
    return hashlib.sha256(label.encode() + b"\0" + data).hexdigest()


class Stream:
    def __init__(self, seed, label):
        self.seed, self.label, self.block, self.bytes = seed, label.encode() + b"\0", 0, b""

    def below(self, end):
        while True:
            if not self.bytes:
                message = self.label + self.block.to_bytes(8, "big")
                self.bytes = hmac.new(self.seed, message, hashlib.sha256).digest()
                self.block += 1
            x, self.bytes = int.from_bytes(self.bytes[:8], "big"), self.bytes[8:]
            if x < 2**64 - 2**64 % end:
                return x % end

    def weighted(self, weights):
        """A position, by weight; None if all weights are 0."""
        total = sum(weights)
        if total == 0:
            return None
        left = self.below(total)
        for at, weight in enumerate(weights):
            if left < weight:
                return at
            left -= weight


def needed(point, rules):
    return 2 if point["point_type"] in rules["pair_types"] or rules["pair_severe"] and point["severe"] else 1


def eligible(point, pool):
    units = {point["lead_unit"], *point["other_units"]}
    return [at for at, one in enumerate(pool["inspectors"]) if one["available"]
            and point["id"] not in one["recused_points"] and point["id"] not in one["recent_points"]
            and units.isdisjoint(one["recused_units"])]


def barred(point, pool, rules):
    visits = {unit["id"]: unit["visits_this_month"] for unit in pool["units"]}
    if point["visits_this_month"] >= rules["point_visits_max"]:
        return "point-cap"
    if visits[point["lead_unit"]] >= rules["unit_visits_max"]:
        return "unit-cap"
    if not any(slot["kind"] in point["open"] for slot in rules["slots"]):
        return "no-slot"
    return "recusals" if len(eligible(point, pool)) < needed(point, rules) else None


def draw_points(pool, rules, seed, reasons):
    points, stream, drawn = pool["points"], Stream(seed, "anfang-draw/1 points"), []
    left = {unit["id"]: max(0, rules["unit_visits_max"] - unit["visits_this_month"]) for unit in pool["units"]}
    drawable = [at for at, point in enumerate(points) if point["active"] and reasons[at] is None]
    stratum = lambda at: (points[at]["point_type"], points[at]["area"])

    def weight(at):
        point = points[at]
        if at in drawn or left[point["lead_unit"]] == 0:
            return 0
        days = 365 if point["days_since_visit"] is None else min(365, point["days_since_visit"])
        return (60 + 60 * point["open_rebounds"] + days) * (rules["demo_percent"] if point["demo"] else 100)

    def draw(members):
        chosen = stream.weighted([weight(at) for at in members])
        if chosen is not None:
            drawn.append(members[chosen])
            left[points[members[chosen]]["lead_unit"]] -= 1
        return chosen is not None

    quotas = {(quota["point_type"], quota["area"]): quota["count"] for quota in rules["quotas"]}
    others = {}
    for at in drawable:
        if stratum(at) not in quotas:
            others[stratum(at)] = others.get(stratum(at), 0) + 1
    total, places = sum(others.values()), rules["proportional_places"]
    shares = {key: places * count // total for key, count in others.items()}
    by_remainder = sorted(others, key=lambda key: (-(places * others[key] % total), key))
    for key in by_remainder[:places - sum(shares.values())]:
        shares[key] += 1
    quotas.update(shares)
    while len(drawn) < rules["open_places"] and draw(drawable):
        pass
    for key in sorted(quotas):
        members = [at for at in drawable if stratum(at) == key]
        while sum(at in drawn for at in members) < quotas[key] and draw(members):
            pass
    all_places = sum(quota["count"] for quota in rules["quotas"]) + places + rules["open_places"]
    while len(drawn) < all_places and draw(drawable):
        pass
    count = lambda key: sum(stratum(at) == key for at in drawn)
    missing = [{"point_type": key[0], "area": key[1], "missing": quotas[key] - count(key)}
               for key in sorted(quotas) if count(key) < quotas[key]]
    return drawn, missing, all_places


def draw_kinds(places, rules, stream):
    kinds = {slot["kind"] for slot in rules["slots"]}
    weekend = lambda place: "weekend" in kinds and place["kind"] is None and "weekend" in place["point"]["open"]
    for kind, least in (("evening", rules["evening_min"]), ("weekend", rules["weekend_min"])):
        for _ in range(least if kind in kinds else 0):
            spare = kind == "weekend" or sum(map(weekend, places)) > rules["weekend_min"]
            suits = [place for place in places if place["kind"] is None and kind in place["point"]["open"]
                     and (spare or not weekend(place))]
            if not suits:
                break
            suits[stream.below(len(suits))]["kind"] = kind


def least_busy(candidates, tasks, stream):
    load = lambda one: sum(one in task["people"] for task in tasks)
    idle = [one for one in candidates if load(one) == min(map(load, candidates))]
    return idle[stream.below(len(idle))] if idle else None


def is_free(one, slot, tasks, rules):
    mine = [task for task in tasks if one in task["people"]]
    return len(mine) < rules["tasks_per_inspector_max"] and all(task["slot"] != slot for task in mine)


def assign(pool, rules, seed, drawn):
    slots, people = Stream(seed, "anfang-draw/1 slots"), Stream(seed, "anfang-draw/1 inspectors")
    places = [{"number": at + 1, "point": pool["points"][position], "kind": None}
              for at, position in enumerate(drawn)]
    draw_kinds(places, rules, slots)
    spare = lambda place: len(eligible(place["point"], pool)) - needed(place["point"], rules)
    order = {"evening": 0, "weekend": 1, None: 2}
    tasks, unassigned = [], []
    for place in sorted(places, key=lambda place: (order[place["kind"]], spare(place), place["number"])):
        point, who = place["point"], eligible(place["point"], pool)
        free = lambda slot: [one for one in who if is_free(one, slot, tasks, rules)]
        possible = lambda kinds: [slot for slot in rules["slots"] if slot["kind"] in kinds
                                  and len(free(slot)) >= needed(point, rules)]
        choice = (possible([place["kind"]]) if place["kind"] else []) or possible(point["open"])
        if not choice:
            unassigned.append(point["id"])
            continue
        slot = choice[slots.below(len(choice))]
        candidates, team = free(slot), []
        for _ in range(needed(point, rules)):
            team.append(least_busy([one for one in candidates if one not in team], tasks, people))
        tasks.append({"number": place["number"], "point": point, "slot": slot, "people": team})
    return sorted(tasks, key=lambda task: task["number"]), unassigned


def code_names(pool, seed):
    there = [one["id"] for one in pool["inspectors"] if one["available"]]
    numbers, stream = list(range(1, len(there) + 1)), Stream(seed, "anfang-draw/1 code names")
    for last in range(len(there) - 1, 0, -1):
        at = stream.below(last + 1)
        numbers[last], numbers[at] = numbers[at], numbers[last]
    digits = max(2, len(str(len(there))))
    return [{"inspector": one, "code": "暗访%0*d" % (digits, number)} for one, number in zip(there, numbers)]


def redraw(pool, rules, seed, tasks, redraws, number, recused):
    key = lambda one: pool["inspectors"][one]["id"]
    task = next((task for task in tasks if task["number"] == number), None)
    if task is None or recused not in map(key, task["people"]):
        raise Differs("there was no task %s of %s" % (number, recused))
    gone = [made["recused"] for made in redraws if made["task"] == number]
    candidates = [one for one in eligible(task["point"], pool) if is_free(one, task["slot"], tasks, rules)
                  and key(one) not in gone and one not in task["people"]]
    stream = Stream(seed, "anfang-draw/1 redraw %d %d" % (number, len(gone) + 1))
    chosen = least_busy(candidates, tasks, stream)
    if chosen is None:
        tasks.remove(task)
    else:
        task["people"] = [chosen if key(one) == recused else one for one in task["people"]]
    return {"task": number, "count": len(gone) + 1, "recused": recused,
            "replacement": None if chosen is None else key(chosen)}


def first_difference(pointer, one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
    elif isinstance(one, list) and isinstance(other, list):
        get = lambda items, at: items[at] if at < len(items) else None
        pairs = [(at, get(one, at), get(other, at)) for at in range(max(len(one), len(other)))]
    else:
        return None if one == other else "%s: recorded %s, replayed %s" % (pointer, one, other)
    found = (first_difference("%s/%s" % (pointer, name), a, b) for name, a, b in pairs)
    return next((difference for difference in found if difference), None)


def same(what, recorded, replayed):
    if canonical(recorded) != canonical(replayed):
        raise Differs("%s differs: %s" % (what, first_difference("", recorded, replayed)))


def in_order(proof):
    """Pool and rules, with lists in the order of the draw."""
    pool, rules = proof["pool"], proof["rules"]
    by_id = lambda items: sorted(items, key=lambda item: item["id"])
    slot_order = lambda slot: (slot["date"], slot["from_minute"])
    return ({name: by_id(pool[name]) for name in pool}, {
        **rules,
        "slots": sorted(rules["slots"], key=slot_order),
        "quotas": sorted(rules["quotas"], key=lambda quota: (quota["point_type"], quota["area"])),
    })


def replay(proof, kept):
    same("format", proof["format"], "anfang-draw-proof/1")
    commitment, (pool, rules) = proof["commitment"], in_order(proof)
    same("algorithm", [commitment["algorithm"], rules["algorithm"]], ["anfang-draw/1"] * 2)
    secret, nonce = (bytes.fromhex(proof["reveal"][name]) for name in ("secret", "nonce"))
    digest = sha256("anfang-draw/1 commitment", canonical(commitment))
    same("commitment", proof["commitment_sha256"], digest)
    same("commitment that was kept", kept or digest, digest)
    same("secret", commitment["secret_sha256"], sha256("anfang-draw/1 secret", secret))
    same("pool", commitment["pool_sha256"], sha256("anfang-draw/1 pool", canonical(pool)))
    same("rules", commitment["rules_sha256"], sha256("anfang-draw/1 rules", canonical(rules)))
    message = b"anfang-draw/1 seed\0" + nonce + bytes.fromhex(digest)
    seed = hmac.new(secret, message, hashlib.sha256).digest()
    same("seed", proof["seed"], seed.hex())

    reasons = [barred(point, pool, rules) for point in pool["points"]]
    drawn, strata, places = draw_points(pool, rules, seed, reasons)
    tasks, unassigned = assign(pool, rules, seed, drawn)
    named = [(point["id"], reason) for point, reason in zip(pool["points"], reasons) if point["active"] and reason]
    named += [(point, "no-free-inspector") for point in unassigned]
    in_kind = lambda kind: sum(task["slot"]["kind"] == kind for task in tasks)
    outcome = {
        "code_names": code_names(pool, seed),
        "tasks": [{"number": task["number"], "point": task["point"]["id"], "slot": task["slot"],
                   "inspectors": [pool["inspectors"][one]["id"] for one in task["people"]]} for task in tasks],
        "undrawable": [{"point": point, "reason": reason} for point, reason in sorted(named)],
        "shortfalls": {"places": max(0, places - len(tasks)), "strata": strata,
                       "evening": max(0, rules["evening_min"] - in_kind("evening")),
                       "weekend": max(0, rules["weekend_min"] - in_kind("weekend"))},
    }
    same("outcome", proof["outcome"], outcome)
    for at, made in enumerate(proof["redraws"]):
        again = redraw(pool, rules, seed, tasks, proof["redraws"][:at], made["task"], made["recused"])
        same("redraw %d" % at, made, again)
    return outcome, tasks


SEVERITIES = ["low", "medium", "high"]
PARTS = ["morning", "afternoon", "evening"]


def without_return(items, count, stream):
    """`count` of `items`, in the order drawn: each place is exchanged with one at or behind it."""
    count = min(count, len(items))
    for at in range(count):
        other = at + stream.below(len(items) - at)
        items[at], items[other] = items[other], items[at]
    return items[:count]


def allotted(sizes, quota, stream):
    """Divides a quota among strata by largest remainders; equal remainders by chance."""
    sizes = without_return(sizes, len(sizes), stream)
    total = sum(size for _, size in sizes)
    parts = [(key, *divmod(size * quota, total)) for key, size in sizes] if total else []
    left = max(0, quota - sum(share for _, share, _ in parts))
    parts.sort(key=lambda part: -part[2])
    return {key: share + (at < left) for at, (key, share, _) in enumerate(parts)}


def draw_monthly(pool, stream):
    rules, strata = pool["rules"], {}
    for member in pool["members"]:
        key = (member["unit"], SEVERITIES.index(member["severity"]))
        strata.setdefault(key, []).append(member["issue"])
    share_up = lambda count, percent: -(-count * percent // 100)
    population = len(pool["members"])
    size = min(population, max(rules["size_min"], share_up(population, rules["share_percent"])))
    sizes = lambda high: [(key, len(strata[key])) for key in sorted(strata) if (key[1] == 2) == high]
    total = lambda sizes: sum(size for _, size in sizes)
    least_high = share_up(total(sizes(True)), rules["high_percent"])
    from_others = min(max(0, size - least_high), total(sizes(False)))
    quotas = allotted(sizes(True), max(least_high, size - from_others), stream)
    quotas.update(allotted(sizes(False), from_others, stream))
    for unit in sorted({unit for unit, _ in strata}):
        own = [key for key in strata if key[0] == unit]
        closings = sum(len(strata[key]) for key in own)
        if closings >= rules["unit_closings_min"] and not any(quotas.get(key, 0) for key in own):
            quotas[max(own, key=lambda key: (len(strata[key]), key[1]))] = 1
    drawn = []
    for key in sorted(strata):
        drawn += sorted(without_return(sorted(strata[key]), quotas.get(key, 0), stream))
    return size, drawn, None


def draw_staged(pool, stream):
    carried = stream.below(100) if pool["carried"] is None else min(99, pool["carried"])
    issues = sorted(member["issue"] for member in pool["members"])
    hundredths = len(issues) * pool["rules"]["staged_percent"] + carried
    drawn = sorted(without_return(issues, hundredths // 100, stream))
    return len(drawn), drawn, hundredths % 100


def give(pool, barred, stream):
    load, tasks = {one: 0 for one in sorted(pool["inspectors"])}, []
    not_for = {one["issue"]: one["inspectors"] for one in barred}
    for issue in without_return(sorted(not_for), len(not_for), stream):
        eligible = [one for one in load if one not in not_for[issue]]
        least = min((load[one] for one in eligible), default=0)
        chosen = without_return([one for one in eligible if load[one] == least], 1, stream)
        for one in chosen:
            load[one] += 1
        day = datetime.date.fromisoformat(pool["first"]) + datetime.timedelta(days=stream.below(max(1, pool["days"])))
        part = PARTS[stream.below(len(PARTS))]
        tasks.append({"issue": issue, "inspector": chosen[0] if chosen else None, "on": str(day), "part": part})
    return sorted(tasks, key=lambda task: task["issue"])


def replay_sample(proof, kept):
    same("algorithm", proof["algorithm"], "anfang-look-back/1")
    digest = sha256("anfang-look-back/1 proof", canonical(proof))
    same("digest that was kept", kept or digest, digest)
    pool, seed = proof["pool"], bytes.fromhex(proof["seed"])
    same("order of the pool", pool["members"], sorted(pool["members"], key=lambda member: member["issue"]))
    same("order of inspectors", pool["inspectors"], sorted(pool["inspectors"]))
    draw = {"monthly": draw_monthly, "staged": draw_staged}[pool["kind"]]
    size, drawn, carried = draw(pool, Stream(seed, "anfang-look-back/1 issues"))
    same("barred", [one["issue"] for one in proof["barred"]], drawn)
    tasks = give(pool, proof["barred"], Stream(seed, "anfang-look-back/1 inspectors"))
    outcome = {"population": len(pool["members"]), "size": size, "drawn": drawn, "carried": carried, "tasks": tasks}
    same("outcome", proof["outcome"], outcome)
    for task in tasks:
        print("issue %(issue)s %(on)s %(part)s: %(inspector)s" % task)
    return "%d of %d issues" % (len(drawn), len(pool["members"]))


def draw_again(proof, seed):
    """The visits that are made again, in order, and the hundredths of a visit left over."""
    hundredths = len(proof["visits"]) * proof["percent"] + proof["carried"]
    stream = Stream(seed, "anfang-repeat/1 visits")
    return sorted(without_return(list(proof["visits"]), hundredths // 100, stream)), hundredths % 100


def give_again(choices, stream):
    given, taken = [], set()
    for one in choices:
        free = [choice for choice in one["choices"] if (choice["inspector"], choice["from"]) not in taken]
        choice = free[stream.below(len(free))] if free else None
        if choice:
            taken.add((choice["inspector"], choice["from"]))
        state = "given" if choice else "nobody" if one["has_slots"] else "no-slot"
        given.append({"visit": one["visit"], "choice": choice, "state": state})
    return given


def replay_repeats(proof, kept):
    digest = sha256("anfang-repeat/1 proof", canonical(proof))
    same("digest that was kept", kept or digest, digest)
    seed = bytes.fromhex(proof["seed"])
    same("order of the visits", proof["visits"], sorted(proof["visits"]))
    drawn, left = draw_again(proof, seed)
    same("drawn visits", [one["visit"] for one in proof["choices"]], drawn)
    same("left", proof["left"], left)
    given = give_again(proof["choices"], Stream(seed, "anfang-repeat/1 people"))
    same("given", proof["given"], given)
    for one in given:
        print("visit %s: %s" % (one["visit"], one["state"]), *(one["choice"] or {}).values())
    return "%d of %d visits" % (len(drawn), len(proof["visits"]))


def no_twins(members):
    if len(dict(members)) != len(members):
        raise Differs("a member comes twice")
    return dict(members)


def refuse(number):
    raise Differs("%s is not a whole number" % number)


def main(path, kept=None):
    try:
        with open(path, encoding="utf-8") as file:
            proof = json.load(file, object_pairs_hook=no_twins, parse_float=refuse, parse_constant=refuse)
        if proof.get("format") == "anfang-look-back-proof/1":
            print("THE SAME: " + replay_sample(proof, kept))
            return 0
        if proof.get("algorithm") == "anfang-repeat/1":
            print("THE SAME: " + replay_repeats(proof, kept))
            return 0
        outcome, tasks = replay(proof, kept)
    except (Differs, OSError, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        print("DIFFERS: %s %s" % (type(error).__name__ if not isinstance(error, Differs) else "", error))
        return 1
    codes = {name["inspector"]: name["code"] for name in outcome["code_names"]}
    for task in tasks:
        slot = task["slot"]
        clock = "%02d:%02d" % divmod(slot["from_minute"], 60)
        inspectors = in_order(proof)[0]["inspectors"]
        team = " ".join(codes[inspectors[one]["id"]] for one in task["people"])
        print(task["number"], task["point"]["id"], slot["date"], clock, slot["kind"], team)
    print("THE SAME: %d tasks, %d redraws" % (len(tasks), len(proof["redraws"])))
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
