import Kernel
import Testing

@testable import Crypto

/// A log in memory: the frontier and all nodes that became complete.
private struct Log {
    var frontier: MerkleFrontier = MerkleFrontier()
    var nodes: [MerkleTree.Node: [UInt8]] = [:]
    var leafHashes: [[UInt8]] = []

    mutating func append(_ entry: [UInt8]) {
        let leafHash: [UInt8] = MerkleTree.leafHash(entry)
        leafHashes.append(leafHash)
        for (node, hash) in frontier.append(leafHash: leafHash) { nodes[node] = hash }
    }

    func read(_ node: MerkleTree.Node) throws -> [UInt8] { try #require(nodes[node]) }

    init(count: Int) { for number in 0..<count { append(Array("entry \(number)".utf8)) } }
    init(entries: [[UInt8]]) { entries.forEach { append($0) } }
}

/// MTH of RFC 6962 section 2.1, word for word.
private func definition(_ leafHashes: ArraySlice<[UInt8]>) -> [UInt8] {
    guard leafHashes.count > 1 else { return leafHashes.first ?? SHA256.hash("") }
    var half: Int = 1
    while half * 2 < leafHashes.count { half *= 2 }
    return MerkleTree.nodeHash(definition(leafHashes.prefix(half)), definition(leafHashes.dropFirst(half)))
}

@Suite struct MerkleTreeTests {
    @Test func vectorsOfCertificateTransparency() throws {
        let entries: [[UInt8]] = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ].map { hex($0) }
        let roots: [String] = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        for size in 0...8 {
            let log: Log = Log(entries: Array(entries.prefix(size)))
            #expect(Hex.encode(log.frontier.root) == roots[size])
            #expect(try MerkleTree.root(size: UInt64(size), hash: log.read) == log.frontier.root)
        }
    }

    @Test func theFrontierIsTheDefinition() throws {
        let log: Log = Log(count: 200)
        var frontier: MerkleFrontier = MerkleFrontier()
        for (index, leafHash) in log.leafHashes.enumerated() {
            frontier.append(leafHash: leafHash)
            #expect(frontier.root == definition(log.leafHashes[...index]))
            #expect(try MerkleFrontier(size: frontier.size, hashes: frontier.hashes) == frontier)
        }
        #expect(frontier == log.frontier)
        #expect(throws: CryptoError.self) { try MerkleFrontier(size: 3, hashes: [SHA256.hash("")]) }
        #expect(throws: CryptoError.self) { try MerkleFrontier(size: 1, hashes: [[1, 2]]) }
    }

    @Test func everyLeafOfEveryTreeIsProved() throws {
        let log: Log = Log(count: 40)
        for size in 1...40 {
            let root: [UInt8] = try MerkleTree.root(size: UInt64(size), hash: log.read)
            for index in 0..<size {
                let proof: [[UInt8]] = try MerkleTree.inclusionProof(
                    index: UInt64(index), size: UInt64(size), hash: log.read)
                let verify = { (leaf: [UInt8], index: Int, size: Int, proof: [[UInt8]]) in
                    MerkleTree.verifyInclusion(
                        leafHash: leaf, index: UInt64(index), size: UInt64(size), proof: proof, root: root)
                }
                let leaf: [UInt8] = log.leafHashes[index]
                #expect(verify(leaf, index, size, proof))
                #expect(
                    !verify(MerkleTree.leafHash([9]), index, size, proof) && !verify(leaf, size, size, proof))
                #expect(
                    !verify(leaf, index, size, proof + [leaf])
                        && (proof.isEmpty || !verify(leaf, index, size, [])))
                #expect(size == 1 || !verify(leaf, (index + 1) % size, size, proof))
                for step in proof.indices {
                    var changed: [[UInt8]] = proof
                    changed[step][0] ^= 1
                    #expect(!verify(leaf, index, size, changed))
                }
            }
        }
    }

    @Test func everyTreeBeginsWithEverySmallerOne() throws {
        let log: Log = Log(count: 40)
        for size in 0...40 {
            let root: [UInt8] = try MerkleTree.root(size: UInt64(size), hash: log.read)
            for oldSize in 0...size {
                let oldRoot: [UInt8] = try MerkleTree.root(size: UInt64(oldSize), hash: log.read)
                let proof: [[UInt8]] = try MerkleTree.consistencyProof(
                    from: UInt64(oldSize), to: UInt64(size), hash: log.read)
                let verify = { (oldRoot: [UInt8], root: [UInt8], proof: [[UInt8]]) in
                    MerkleTree.verifyConsistency(
                        oldSize: UInt64(oldSize), oldRoot: oldRoot, size: UInt64(size), root: root,
                        proof: proof)
                }
                #expect(verify(oldRoot, root, proof))
                #expect(!verify(SHA256.hash("x"), root, proof) && !verify(oldRoot, root, proof + [root]))
                #expect(oldSize == 0 || !verify(oldRoot, SHA256.hash("x"), proof))
                #expect(proof.isEmpty || !verify(oldRoot, root, Array(proof.dropLast())))
            }
        }
        #expect(!MerkleTree.verifyConsistency(oldSize: 2, oldRoot: [], size: 1, root: [], proof: []))
    }

    @Test func vectorsOfProofs() throws {
        // The proofs of RFC 6962 section 2.1.3, for its tree of seven leaves d0…d6, as hashes of this tree.
        let log: Log = Log(count: 7)
        let node = { (level: Int, index: UInt64) in try log.read(MerkleTree.Node(level: level, index: index))
        }
        let (d6, k): ([UInt8], [UInt8]) = (try node(0, 6), try node(2, 0))
        let (g, h, i, j): ([UInt8], [UInt8], [UInt8], [UInt8]) = (
            try node(1, 0), try node(1, 1), try node(1, 2), try node(0, 6)
        )
        let l: [UInt8] = MerkleTree.nodeHash(i, j)
        #expect(try MerkleTree.inclusionProof(index: 0, size: 7, hash: log.read) == [node(0, 1), h, l])
        #expect(try MerkleTree.inclusionProof(index: 3, size: 7, hash: log.read) == [node(0, 2), g, l])
        #expect(try MerkleTree.inclusionProof(index: 4, size: 7, hash: log.read) == [node(0, 5), j, k])
        #expect(try MerkleTree.inclusionProof(index: 6, size: 7, hash: log.read) == [i, k])
        #expect(
            try MerkleTree.consistencyProof(from: 3, to: 7, hash: log.read) == [node(0, 2), node(0, 3), g, l])
        #expect(try MerkleTree.consistencyProof(from: 4, to: 7, hash: log.read) == [l])
        #expect(try MerkleTree.consistencyProof(from: 6, to: 7, hash: log.read) == [i, d6, k])
    }
}

@Suite struct CheckpointTests {
    private static let origin: String = "linli.example/audit"

    private func signer() throws -> NoteSigner {
        try NoteSigner(
            name: Self.origin,
            key: SigningKey(
                ed25519Seed: hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")))
    }
    private func checkpoint() throws -> Checkpoint {
        try Checkpoint(origin: Self.origin, size: 42, root: SHA256.hash("root"))
    }

    @Test func readsANoteOfAnotherProgram() throws {
        // The example of golang.org/x/mod/sumdb/note.
        let key: NoteVerifier = try NoteVerifier(
            parsing: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        let text: String =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        let note: String =
            text
            + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        let parsed: SignedNote = try SignedNote(parsing: note)
        #expect(
            try parsed.verify([key]) == ["PeterNeumann"] && parsed.text == text && parsed.description == note)
    }

    @Test func hasTheFormOfTheSpecification() throws {
        let note: String = try checkpoint().signed(by: signer())
        let lines: [Substring] = note.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines[0] == "linli.example/audit" && lines[1] == "42"
                && Base64.decode(lines[2]) == SHA256.hash("root"))
        #expect(
            lines[3] == "" && lines[4].hasPrefix("— linli.example/audit ") && lines[5] == ""
                && lines.count == 6)
        #expect(try checkpoint().signed(by: signer()) == note)
    }

    @Test func comesBackFromItsNote() throws {
        let key: NoteVerifier = try NoteVerifier(parsing: try signer().verifier.text())
        let plain: Checkpoint = try checkpoint()
        #expect(
            try Checkpoint(verifying: plain.signed(by: signer()), origin: Self.origin, keys: [key]) == plain)
        let timed: Checkpoint = try Checkpoint(
            origin: Self.origin, size: 0, root: MerkleTree.emptyRoot,
            extensions: ["time 2026-05-01T00:00:00Z"])
        #expect(
            try Checkpoint(verifying: timed.signed(by: signer()), origin: Self.origin, keys: [key]) == timed)
    }

    @Test func everyChangedByteIsFound() throws {
        let note: String = try checkpoint().signed(by: signer())
        let key: NoteVerifier = try signer().verifier
        let bytes: [UInt8] = Array(note.utf8)
        for index in bytes.indices {
            for change: UInt8 in [0x01, 0x20] {
                var changed: [UInt8] = bytes
                changed[index] ^= change
                let text: String = String(decoding: changed, as: UTF8.self)
                #expect(throws: CryptoError.self) {
                    try Checkpoint(verifying: text, origin: Self.origin, keys: [key])
                }
            }
            let cut: String = String(decoding: bytes.prefix(index), as: UTF8.self)
            #expect(throws: CryptoError.self) {
                try Checkpoint(verifying: cut, origin: Self.origin, keys: [key])
            }
        }
    }

    @Test func onlyKnownKeysOfTheRightLogCount() throws {
        let note: String = try checkpoint().signed(by: signer())
        let stranger: NoteSigner = try NoteSigner(name: Self.origin, key: SigningKey(generating: .ed25519))
        #expect(throws: CryptoError.authenticationFailed) {
            try Checkpoint(verifying: note, origin: Self.origin, keys: [stranger.verifier])
        }
        #expect(throws: CryptoError.self) {
            try Checkpoint(verifying: note, origin: "linli.example/other", keys: [signer().verifier])
        }
        // A witness adds a line of its own, which those who do not know it ignore.
        let both: String = try SignedNote(signing: checkpoint().body, with: [stranger, signer()]).description
        #expect(throws: Never.self) {
            try Checkpoint(verifying: both, origin: Self.origin, keys: [signer().verifier])
        }
        #expect(try SignedNote(parsing: both).verify([stranger.verifier, signer().verifier]).count == 2)
    }

    @Test(arguments: ["", "\n", "origin\n042\n", "origin\n-1\n", "origin\n42\nAAAA\n", "\n42\n", "a\r\n42\n"])
    func otherTextsAreNoCheckpoints(_ body: String) throws {
        let filled: String =
            body.hasSuffix("2\n") || body.hasSuffix("1\n")
            ? body + Base64.encode(SHA256.hash("")) + "\n" : body
        #expect(throws: CryptoError.self) {
            let note: String = try SignedNote(signing: filled, with: [signer()]).description
            _ = try Checkpoint(verifying: note, origin: "origin", keys: [signer().verifier])
        }
    }

    @Test func limitsHaveTwoSides() throws {
        let key: NoteVerifier = try signer().verifier
        let fits = { (extra: Int) in
            let note: String = try checkpoint().signed(by: signer())
            let padded: Checkpoint = try Checkpoint(
                origin: Self.origin, size: 42, root: SHA256.hash("root"),
                extensions: [
                    String(repeating: "x", count: SignedNote.maximumBytes - note.utf8.count - 1 + extra)
                ])
            let long: String = try padded.signed(by: signer())
            _ = try Checkpoint(verifying: long, origin: Self.origin, keys: [key])
        }
        #expect(throws: Never.self) { try fits(0) }
        #expect(throws: CryptoError.self) { try fits(1) }
        let one: SignedNote = try SignedNote(signing: checkpoint().body, with: [signer()])
        let line: Substring = one.description.dropFirst(one.text.count + 1)
        let many = { (count: Int) in one.text + "\n" + String(repeating: String(line), count: count) }
        #expect(throws: Never.self) { try SignedNote(parsing: many(SignedNote.maximumSignatures)) }
        #expect(throws: CryptoError.self) { try SignedNote(parsing: many(SignedNote.maximumSignatures + 1)) }
    }

    @Test func verifierTextsAreChecked() throws {
        let text: String = try signer().verifier.text()
        #expect(try NoteVerifier(parsing: text).text() == text)
        for bad in [
            "", "a+b+c", text + "A", "x" + text, text.replacing("+", with: " "),
            "linli+00000000+" + text.suffix(44),
        ] {
            #expect(throws: CryptoError.self) { try NoteVerifier(parsing: bad) }
        }
        for name in ["", "a b", "a+b"] {
            #expect(throws: CryptoError.self) {
                try NoteSigner(name: name, key: SigningKey(generating: .ed25519))
            }
        }
        #expect(throws: CryptoError.self) { try NoteSigner(name: "a", key: SigningKey(generating: .sm2)) }
    }
}
