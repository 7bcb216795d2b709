"""
The way of the notebooks for advanced use: a search for hyperparameters, an objective, context, unstructured text, promotions, filters with values,
items and users put one by one, a wider schema. Films and users are those of support.py: user u prefers the genre with the number u modulo four.
"""

import json
import uuid

from groups import *
from support import *

suffix = uuid.uuid4().hex[:6]
name = f"tuned-{suffix}"
bucket = f"personalize-{name}"
done = {}

make_bucket(bucket)
role_arn = make_role(name)

# Interactions with a context: phones in the first half of a session.
lines = interactions_csv().splitlines()
with_device = [f"{lines[0]},DEVICE"] + [f"{line},{'phone' if n % 18 < 9 else 'tv'}" for n, line in enumerate(lines[1:])]
field = lambda title, *kinds, **more: {"name": title, "type": list(kinds) if len(kinds) > 1 else kinds[0], **more}
interactions = json.loads(INTERACTIONS_SCHEMA)
interactions["fields"].append(field("DEVICE", "string", categorical=True))
items = json.loads(ITEMS_SCHEMA)
next(f for f in items["fields"] if f["name"] == "TITLE")["textual"] = True
users = schema("Users", field("USER_ID", "string"), field("AGE", "int"), field("TIER", "null", "string", categorical=True))
users_csv = "USER_ID,AGE,TIER\n" + "".join(f"{u},{10 + u % 50},{('gold', '')[u % 2]}\n" for u in range(1, 121))
group_arn = group_with(name, bucket, role_arn, [
    ("Interactions", json.dumps(interactions), "\n".join(with_device) + "\n"),
    ("Items", json.dumps(items), items_csv()),
    ("Users", users, users_csv),
])
dataset = {d["datasetType"]: d["datasetArn"] for d in personalize.list_datasets(datasetGroupArn=group_arn)["datasets"]}

recipe = personalize.describe_recipe(recipeArn="arn:aws:personalize:::recipe/aws-sims")["recipe"]
algorithm = personalize.describe_algorithm(algorithmArn=recipe["algorithmArn"])["algorithm"]
tunable = [r["name"] for ranges in algorithm["defaultHyperParameterRanges"].values() for r in ranges if r["isTunable"]]
done["tunable"] = sorted(tunable)
tuned = trained(f"{name}-hpo", group_arn, "aws-sims", performHPO=True, solutionConfig={
    "hpoConfig": {
        "hpoResourceConfig": {"maxNumberOfTrainingJobs": "3", "maxParallelTrainingJobs": "2"},
        "algorithmHyperParameterRanges": {
            "integerHyperParameterRanges": [{"name": "min_cointeraction_count", "minValue": 1, "maxValue": 4}],
            "continuousHyperParameterRanges": [{"name": "popularity_discount_factor", "minValue": 0.1, "maxValue": 0.9}],
            "categoricalHyperParameterRanges": [],
        },
    }
})
best = tuned["tunedHPOParams"]["algorithmHyperParameters"]
done["tuned"] = 1 <= int(best["min_cointeraction_count"]) <= 4 and 0.1 <= float(best["popularity_discount_factor"]) <= 0.9
# What was found goes into the next solution, as fixed values.
fixed = trained(f"{name}-fixed", group_arn, "aws-sims", solutionConfig={"algorithmHyperParameters": best})
metrics = [personalize.get_solution_metrics(solutionVersionArn=v["solutionVersionArn"])["metrics"] for v in (tuned, fixed)]
done["same"] = metrics[0] == metrics[1]

version = trained(f"{name}-user", group_arn, "aws-user-personalization", solutionConfig={
    "optimizationObjective": {"itemAttribute": "YEAR", "objectiveSensitivity": "LOW"},
    "featureTransformationParameters": {"max_user_history_length_percentile": "0.99"},
    "algorithmHyperParameters": {"hidden_dimension": "64"},
})
done["objective"] = "average_rewards_at_k" in personalize.get_solution_metrics(solutionVersionArn=version["solutionVersionArn"])["metrics"]
campaign_arn = deployed(f"{name}-user", version["solutionVersionArn"], campaignConfig={
    "enableMetadataWithRecommendations": True, "itemExplorationConfig": {"explorationWeight": "0", "explorationItemAgeCutOff": "30"},
})

filters = {
    key: personalize.create_filter(name=f"{name}-{key}", datasetGroupArn=group_arn, filterExpression=expression)["filterArn"]
    for key, expression in {
        "old": "INCLUDE ItemID WHERE Items.YEAR < $YEAR",
        "gold": 'EXCLUDE ItemID WHERE Items.GENRES IN ("Horror") IF CurrentUser.TIER IN ("gold")',
        "new": "INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP > 1750000000",
        "unseen": 'INCLUDE ItemID WHERE Items.GENRES IN ($GENRES) | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch", "click")',
    }.items()
}
for arn in filters.values():
    wait_for(personalize.describe_filter, "filter", filterArn=arn)


def listed(user="6", **more):
    return runtime.get_recommendations(campaignArn=campaign_arn, userId=user, **more)["itemList"]


numbers = lambda found: [int(item["itemId"]) for item in found]
done["context"] = all(len(listed(context={"DEVICE": device})) == 25 for device in ("phone", "tv"))
done["metadata"] = sorted(listed(metadataColumns={"ITEMS": ["GENRES", "YEAR"]}, numResults=1)[0]["metadata"])
done["old"] = max(numbers(listed(filterArn=filters["old"], filterValues={"YEAR": "2000"}))) < 20
# Film numbers 3 modulo four are horror; even users are gold.
horror = lambda user: [film for film in numbers(listed(user, filterArn=filters["gold"], numResults=40)) if film % 4 == 3]
done["gold"] = [len(horror("6")), len(horror("7")) > 0]
# User 6 prefers drama, which is 2 modulo four.
unseen = numbers(listed(filterArn=filters["unseen"], filterValues={"GENRES": '"Drama","Comedy"'}))
watched = {int(line.split(",")[1]) for line in lines[1:] if line.startswith("6,")}
done["unseen"] = all(film % 4 in (1, 2) for film in unseen) and not watched & set(unseen)

# New films, put and promoted: two of five places.
events.put_items(datasetArn=dataset["ITEMS"], items=[
    {"itemId": str(film), "properties": json.dumps({"genres": "Comedy", "year": 2025, "title": f"Film {film}", "creationTimestamp": 1_760_500_000})}
    for film in (101, 102, 103)
])
events.put_users(datasetArn=dataset["USERS"], users=[{"userId": "500", "properties": json.dumps({"age": 30, "tier": "gold"})}])
again = personalize.create_solution_version(solutionArn=version["solutionArn"], trainingMode="UPDATE")["solutionVersionArn"]
ready("SolutionVersion", again)
personalize.update_campaign(campaignArn=campaign_arn, solutionVersionArn=again)
end = time.time() + PATIENCE_SECONDS
while personalize.describe_campaign(campaignArn=campaign_arn)["campaign"]["solutionVersionArn"] != again and time.time() < end:
    time.sleep(POLL_SECONDS)
promoted = listed(numResults=5, promotions=[{"name": "new-films", "percentPromotedItems": 40, "filterArn": filters["new"]}])
named = [item["itemId"] for item in promoted if item.get("promotionName") == "new-films"]
done["promoted"] = [len(promoted), len(named), set(named) <= {"101", "102", "103"}]
done["stranger"] = len(listed("500"))

# A wider schema for the items, as the service lets it: one more column that may be empty.
items["fields"].append(field("STUDIO", "null", "string", categorical=True))
wider = personalize.create_schema(name=f"{name}-items-2", schema=json.dumps(items))["schemaArn"]
personalize.update_dataset(datasetArn=dataset["ITEMS"], schemaArn=wider)
end = time.time() + PATIENCE_SECONDS
while time.time() < end:
    update = personalize.describe_dataset(datasetArn=dataset["ITEMS"])["dataset"]
    if update["schemaArn"] == wider and update["latestDatasetUpdate"]["status"] == "ACTIVE":
        break
    time.sleep(POLL_SECONDS)
rows = items_csv().splitlines()
wide = [f"{rows[0]},STUDIO"] + [f"{row},{('north', 'south')[n % 2]}" for n, row in enumerate(rows[1:])]
imported(f"{name}-items-2", dataset["ITEMS"], bucket, "items-2.csv", "\n".join(wide) + "\n", role_arn)
studio = personalize.create_filter(
    name=f"{name}-studio", datasetGroupArn=group_arn, filterExpression='INCLUDE ItemID WHERE Items.STUDIO IN ("south")'
)["filterArn"]
wait_for(personalize.describe_filter, "filter", filterArn=studio)
done["studio"] = all(film % 2 == 0 for film in numbers(listed(filterArn=studio)))
print(json.dumps(done))
