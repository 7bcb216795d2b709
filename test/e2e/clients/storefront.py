"""
The way of the notebook for shops: an ECOMMERCE group with users and items, recommenders for several use cases made at once, metadata in the answers,
a purchase that changes the next answer, more history by an incremental import, a new configuration, cleanup.
"""

import json
import random
import uuid

from groups import *
from support import *

suffix = uuid.uuid4().hex[:6]
name = f"shop-{suffix}"
bucket = f"personalize-{name}"
done = {}

make_bucket(bucket)
role_arn = make_role(name)
field = lambda title, *kinds, **more: {"name": title, "type": list(kinds) if len(kinds) > 1 else kinds[0], **more}
schemas = {
    "Interactions": schema("Interactions", *(field(f, "string") for f in ("USER_ID", "ITEM_ID", "EVENT_TYPE")), field("TIMESTAMP", "long"),
                           field("DISCOUNT", "null", "string", categorical=True)),
    "Items": schema("Items", field("ITEM_ID", "string"), field("PRICE", "float"), field("CATEGORY_L1", "string", categorical=True),
                    field("CREATION_TIMESTAMP", "null", "long"), field("PRODUCT_DESCRIPTION", "null", "string", textual=True)),
    "Users": schema("Users", field("USER_ID", "string"), field("GENDER", "null", "string", categorical=True)),
}
LINES = ["garden", "kitchen", "books"]


def visits(seed, first_user, users, start):
    """Users who look at the things of their own line, number modulo three, and buy every third of them with the next number."""
    chance = random.Random(seed)
    rows = ["USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP,DISCOUNT"]
    for user in range(first_user, first_user + users):
        at = start + user * 1000
        for step in range(12):
            item = chance.randrange(12) * 3 + user % 3 if chance.random() < 0.8 else chance.randrange(36)
            rows.append(f"{user},{item},View,{at + step * 20},")
            rows.append(f"{user},{(item + 3) % 36},Purchase,{at + step * 20 + 10},{'Yes' if step % 2 else ''}")
    return "\n".join(rows) + "\n"


items_rows = ["ITEM_ID,PRICE,CATEGORY_L1,CREATION_TIMESTAMP,PRODUCT_DESCRIPTION"] + [
    f'{n},{5 + n * 1.5:.2f},{LINES[n % 3]},{1_700_000_000 + n},"Thing {n}, for the {LINES[n % 3]}"' for n in range(36)
]
users_rows = ["USER_ID,GENDER"] + [f"{u},{'FM'[u % 2] if u % 5 else ''}" for u in range(150)]
group_arn = group_with(name, bucket, role_arn, [
    ("Interactions", schemas["Interactions"], visits(3, 0, 120, 1_760_000_000)),
    ("Items", schemas["Items"], "\n".join(items_rows) + "\n"),
    ("Users", schemas["Users"], "\n".join(users_rows) + "\n"),
], domain="ECOMMERCE")

pages = personalize.get_paginator("list_recipes").paginate(domain="ECOMMERCE")
recipes = {recipe["name"]: recipe["recipeArn"] for recipe in pages.search("recipes[]")}
done["recipes"] = len(recipes)
wanted = {
    "viewed": "aws-ecomm-customers-who-viewed-x-also-viewed",
    "for-you": "aws-ecomm-recommended-for-you",
    "together": "aws-ecomm-frequently-bought-together",
    "best": "aws-ecomm-popular-items-by-purchases",
}
recommenders = {
    short: personalize.create_recommender(
        name=f"{name}-{short}", datasetGroupArn=group_arn, recipeArn=recipes[recipe], recommenderConfig={"enableMetadataWithRecommendations": True},
    )["recommenderArn"]
    for short, recipe in wanted.items()
}
models = {short: ready("Recommender", arn) for short, arn in recommenders.items()}
done["metrics"] = all(0 <= model["modelMetrics"]["coverage"] <= 1 for model in models.values())


def listed(short, **more):
    return runtime.get_recommendations(recommenderArn=recommenders[short], **more)["itemList"]


numbers = lambda found: [int(item["itemId"]) for item in found]
found = listed("viewed", itemId="4", userId="999", numResults=6)
done["viewed"] = [len(found), 4 in numbers(found), sum(n % 3 == 1 for n in numbers(found)) >= 4]
found = listed("together", itemId="7", numResults=6, metadataColumns={"ITEMS": ["CATEGORY_L1", "PRICE"]})
done["together"] = [len(found), 7 in numbers(found), sorted(found[0]["metadata"])]
done["best"] = len(listed("best", userId="1", numResults=36))
done["scores"] = any("score" in item for short in ("best", "for-you") for item in listed(short, userId="1"))

# A purchase takes the thing out of what is recommended to the buyer, at once.
tracker = personalize.create_event_tracker(name=name, datasetGroupArn=group_arn)
ready("EventTracker", tracker["eventTrackerArn"])
visitor = "visitor-1"
for step, item in enumerate(("2", "5", "8")):
    events.put_events(trackingId=tracker["trackingId"], userId=visitor, sessionId="visit", eventList=[
        {"eventType": "View", "itemId": item, "sentAt": int(time.time()) + step, "properties": json.dumps({"discount": "Yes"})}
    ])
before = numbers(listed("for-you", userId=visitor, numResults=36))
bought = next(item for item in before if item not in (2, 5, 8))
events.put_events(trackingId=tracker["trackingId"], userId=visitor, sessionId="visit", eventList=[
    {"eventType": "Purchase", "itemId": str(bought), "sentAt": int(time.time()) + 9}
])
after = numbers(listed("for-you", userId=visitor, numResults=36))
done["bought"] = [bought in before, bought in after, len(before) - len(after)]
filter_arn = personalize.create_filter(
    name=name, datasetGroupArn=group_arn, filterExpression="INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ($LINES) AND Items.PRICE < $MOST"
)["filterArn"]
wait_for(personalize.describe_filter, "filter", filterArn=filter_arn)
cheap = numbers(listed("for-you", userId=visitor, filterArn=filter_arn, filterValues={"LINES": '"books","garden"', "MOST": "30"}))
done["cheap"] = all(n % 3 in (0, 2) and 5 + n * 1.5 < 30 for n in cheap) and len(cheap) > 3

# More history, beside what is there: at least a thousand events in one import, so some users return.
interactions_arn = next(d["datasetArn"] for d in personalize.list_datasets(datasetGroupArn=group_arn)["datasets"] if d["datasetType"] == "INTERACTIONS")
imported(f"{name}-more", interactions_arn, bucket, "more.csv", visits(4, 100, 50, 1_761_000_000), role_arn, importMode="INCREMENTAL")
jobs = personalize.list_dataset_import_jobs(datasetArn=interactions_arn)["datasetImportJobs"]
done["modes"] = sorted(job["importMode"] for job in jobs)

personalize.update_recommender(recommenderArn=recommenders["for-you"], recommenderConfig={
    "minRecommendationRequestsPerSecond": 2, "itemExplorationConfig": {"explorationWeight": "0", "explorationItemAgeCutOff": "10"},
})
end = time.time() + PATIENCE_SECONDS
while time.time() < end:
    latest = personalize.describe_recommender(recommenderArn=recommenders["for-you"])["recommender"]
    if latest["latestRecommenderUpdate"]["status"] == "ACTIVE":
        break
    time.sleep(POLL_SECONDS)
done["updated"] = latest["recommenderConfig"]["minRecommendationRequestsPerSecond"]

# A second use: the group's data under a recipe of one's own.
version = trained(f"{name}-own", group_arn, "aws-similar-items")
campaign_arn = deployed(f"{name}-own", version["solutionVersionArn"])
similar = runtime.get_recommendations(campaignArn=campaign_arn, itemId="6", numResults=5)["itemList"]
done["similar"] = [len(similar), "6" in [item["itemId"] for item in similar]]

for arn in recommenders.values():
    personalize.delete_recommender(recommenderArn=arn)
for arn in recommenders.values():
    wait_until_gone(personalize.describe_recommender, recommenderArn=arn)
personalize.delete_campaign(campaignArn=campaign_arn)
wait_until_gone(personalize.describe_campaign, campaignArn=campaign_arn)
again_while_in_use(personalize.delete_solution, solutionArn=version["solutionArn"])
wait_until_gone(personalize.describe_solution, solutionArn=version["solutionArn"])
personalize.delete_event_tracker(eventTrackerArn=tracker["eventTrackerArn"])
personalize.delete_filter(filterArn=filter_arn)
wait_until_gone(personalize.describe_event_tracker, eventTrackerArn=tracker["eventTrackerArn"])
wait_until_gone(personalize.describe_filter, filterArn=filter_arn)
for dataset in personalize.list_datasets(datasetGroupArn=group_arn)["datasets"]:
    again_while_in_use(personalize.delete_dataset, datasetArn=dataset["datasetArn"])
    wait_until_gone(personalize.describe_dataset, datasetArn=dataset["datasetArn"])
personalize.delete_dataset_group(datasetGroupArn=group_arn)
wait_until_gone(personalize.describe_dataset_group, datasetGroupArn=group_arn)
print(json.dumps(done))
