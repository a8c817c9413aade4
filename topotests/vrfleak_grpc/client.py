#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A client of FRR's gRPC northbound: does one thing, and prints the answer as JSON.

    client.py capabilities
    client.py get CONFIG|STATE PATH
    client.py change '[["PATH", "VALUE"], ...]' '["PATH", ...]'      updates and deletions, in one commit
    client.py execute PATH '[["PATH", "VALUE"], ...]'

What the server refuses is printed as {"error": its message}. The stubs are generated where FRR's gRPC module was
built; PYTHONPATH leads there.
"""

import json
import sys

import frr_northbound_pb2 as frr
import frr_northbound_pb2_grpc
import grpc

ADDRESS = "127.0.0.1:50051"


def values(pairs):
    return [frr.PathValue(path=path, value=value) for path, value in pairs]


def capabilities(stub):
    answer = stub.GetCapabilities(frr.GetCapabilitiesRequest())
    return {
        "version": answer.frr_version,
        "modules": {module.name: module.revision for module in answer.supported_modules},
    }


def get(stub, kind, path):
    request = frr.GetRequest(path=[path], encoding=frr.JSON)
    request.type = getattr(frr.GetRequest, kind)
    return [json.loads(answer.data.data) for answer in stub.Get(request)]


def change(stub, updates, deletions):
    candidate = stub.CreateCandidate(frr.CreateCandidateRequest()).candidate_id
    try:
        stub.EditCandidate(
            frr.EditCandidateRequest(
                candidate_id=candidate,
                update=values(json.loads(updates)),
                delete=values([path, ""] for path in json.loads(deletions)),
            )
        )
        for phase in (frr.CommitRequest.VALIDATE, frr.CommitRequest.ALL):
            stub.Commit(frr.CommitRequest(candidate_id=candidate, phase=phase))
    finally:
        stub.DeleteCandidate(frr.DeleteCandidateRequest(candidate_id=candidate))
    return {}


def execute(stub, path, inputs):
    stub.Execute(frr.ExecuteRequest(path=path, input=values(json.loads(inputs))))
    return {}


def main():
    commands = {f.__name__: f for f in (capabilities, get, change, execute)}
    with grpc.insecure_channel(ADDRESS) as channel:
        grpc.channel_ready_future(channel).result(timeout=120)
        stub = frr_northbound_pb2_grpc.NorthboundStub(channel)
        try:
            answer = commands[sys.argv[1]](stub, *sys.argv[2:])
        except grpc.RpcError as error:
            answer = {"error": "{}: {}".format(error.code().name, error.details())}
    print(json.dumps(answer))


main()
