"""A plain recurrent recommender in PyTorch, for comparison: embedding, one GRU, full softmax over the catalogue, Adam.

    python3 plain_gru.py TASK.json      prints one JSON object: events, seconds, processorSeconds, mrr25, ndcg10

TASK.json: items (how many), histories (training users' items, oldest first), tests ([past, truth] of each test user), hidden,
epochs, batch, length, rate, dropout, seed, threads. It predicts each next item of each history, cut into pieces of `length`
events whose state is carried no further, padded in batches of similar length. Metrics as in the documented protocol: the list is not
filtered, ties count against, the ideal of nDCG counts the hits.
"""

import json
import math
import random
import resource
import sys
import time

import torch
from torch import nn

padding = -100


class PlainGru(nn.Module):
    def __init__(self, items, hidden, dropout):
        super().__init__()
        self.embedding = nn.Embedding(items, hidden)
        self.recurrent = nn.GRU(hidden, hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, items)

    def states(self, sequences):
        return self.recurrent(self.dropout(self.embedding(sequences)))[0]


def batches_of(histories, length, batch):
    pieces = []
    for history in histories:
        for end in range(len(history) - 1, 0, -length):
            start = max(0, end - length)
            pieces.append((history[start:end], history[start + 1 : end + 1]))
    random.shuffle(pieces)
    pieces.sort(key=lambda piece: len(piece[0]))  # stable: equal lengths stay shuffled
    batches = [pieces[at : at + batch] for at in range(0, len(pieces), batch)]
    random.shuffle(batches)
    return batches


def tensors_of(batch):
    longest = max(len(read) for read, _ in batch)
    read = torch.zeros(len(batch), longest, dtype=torch.long)
    wanted = torch.full((len(batch), longest), padding, dtype=torch.long)
    for row, (events, following) in enumerate(batch):
        read[row, : len(events)] = torch.tensor(events)
        wanted[row, : len(following)] = torch.tensor(following)
    return read, wanted


def train(task):
    model = PlainGru(task["items"], task["hidden"], task["dropout"])
    optimizer = torch.optim.Adam(model.parameters(), lr=task["rate"])
    loss_of = nn.CrossEntropyLoss()
    events = 0
    for _ in range(task["epochs"]):
        for batch in batches_of(task["histories"], task["length"], task["batch"]):
            read, wanted = tensors_of(batch)
            valid = wanted.reshape(-1) != padding
            states = model.states(read).reshape(-1, task["hidden"])[valid]
            loss = loss_of(model.output(model.dropout(states)), wanted.reshape(-1)[valid])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            events += int(valid.sum())
    return model, events


def measures(scores, truth):
    wanted = set(truth)
    values, order = scores.topk(100)
    ranked = sorted(zip(order.tolist(), values.tolist()), key=lambda pair: (-pair[1], pair[0] in wanted))
    hits = [place + 1 for place, (item, _) in enumerate(ranked[:25]) if item in wanted]
    near = [place for place in hits if place <= 10]
    ideal = sum(1 / math.log2(2 + k) for k in range(len(near)))
    gain = sum(1 / math.log2(1 + place) for place in near)
    return (1 / hits[0] if hits else 0, gain / ideal if near else 0)


def main():
    with open(sys.argv[1]) as file:
        task = json.load(file)
    torch.set_num_threads(task["threads"])
    torch.manual_seed(task["seed"])
    random.seed(task["seed"])
    began, processor = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    model, events = train(task)
    seconds = time.perf_counter() - began
    processor = resource.getrusage(resource.RUSAGE_SELF).ru_utime - processor
    model.eval()
    with torch.no_grad():
        pairs = [
            measures(model.output(model.states(torch.tensor([past]))[0, -1]), truth) for past, truth in task["tests"]
        ]
    mrr, ndcg = (sum(column) / len(pairs) for column in zip(*pairs))
    print(json.dumps({"events": events, "seconds": seconds, "processorSeconds": processor, "mrr25": mrr, "ndcg10": ndcg}))


main()
