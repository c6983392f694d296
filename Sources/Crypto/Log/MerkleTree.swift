/// The hash tree of RFC 6962 section 2.1 (the same as RFC 9162 section 2.1) with SHA-256.
package enum MerkleTree {
    /// The number of bytes of a hash.
    package static let hashSize: Int = 32
    /// The root of a tree without leaves: the hash of nothing.
    package static let emptyRoot: [UInt8] = SHA256.hash([UInt8]())

    /// The hash of a leaf; the 0 in front keeps leaves and nodes apart.
    package static func leafHash(_ entry: [UInt8]) -> [UInt8] { SHA256.hash([0] + entry) }

    /// The hash of a node with these children.
    package static func nodeHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        SHA256.hash([1] + left + right)
    }

    /// A complete subtree: the node that stands over the leaves `index << level ..< (index + 1) << level`. Level 0 are
    /// the leaf hashes. A node never changes once it is there, so a store may keep it for ever.
    package struct Node: Sendable, Hashable {
        package let level: Int
        package let index: UInt64

        package init(level: Int, index: UInt64) {
            self.level = level
            self.index = index
        }
    }

    /// The root over the first `size` leaves; `hash` reads the stored hash of a node. Reads O(log size) nodes.
    package static func root(size: UInt64, hash: (Node) throws -> [UInt8]) rethrows -> [UInt8] {
        size == 0 ? emptyRoot : try rangeHash(0, size, hash)
    }

    /// The audit path of the leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1).
    ///
    /// - Precondition: `index < size`.
    package static func inclusionProof(index: UInt64, size: UInt64, hash: (Node) throws -> [UInt8]) rethrows
        -> [[UInt8]]
    {
        precondition(index < size, "the leaf is in the tree")
        var path: [[UInt8]] = []
        var (start, end): (UInt64, UInt64) = (0, size)
        while end - start > 1 {
            let middle: UInt64 = start + split(end - start)
            if index < middle {
                path.append(try rangeHash(middle, end, hash))
                end = middle
            } else {
                path.append(try rangeHash(start, middle, hash))
                start = middle
            }
        }
        // The walk went from the root down; a path is read from the leaf up.
        return path.reversed()
    }

    /// The proof that the tree of `size` leaves begins with the tree of `oldSize` leaves (RFC 6962 section 2.1.2); empty
    /// if `oldSize` is 0 or `size`.
    ///
    /// - Precondition: `oldSize <= size`.
    package static func consistencyProof(
        from oldSize: UInt64, to size: UInt64, hash: (Node) throws -> [UInt8]
    )
        rethrows -> [[UInt8]]
    {
        precondition(oldSize <= size, "the old tree is not larger")
        if oldSize == 0 || oldSize == size { return [] }
        var proof: [[UInt8]] = []
        var (start, end): (UInt64, UInt64) = (0, size)
        while end != oldSize {
            let middle: UInt64 = start + split(end - start)
            if oldSize <= middle {
                proof.append(try rangeHash(middle, end, hash))
                end = middle
            } else {
                proof.append(try rangeHash(start, middle, hash))
                start = middle
            }
        }
        // The verifier knows the old root: it is left out where it is this very subtree.
        if start > 0 { proof.append(try rangeHash(start, end, hash)) }
        return proof.reversed()
    }

    /// Whether `proof` leads from the leaf hash at `index` to `root` in a tree of `size` leaves (RFC 9162 section 2.1.3.2).
    package static func verifyInclusion(
        leafHash: [UInt8], index: UInt64, size: UInt64, proof: [[UInt8]], root: [UInt8]
    ) -> Bool {
        guard index < size, proof.allSatisfy({ $0.count == hashSize }) else { return false }
        var (node, last): (UInt64, UInt64) = (index, size - 1)
        var hash: [UInt8] = leafHash
        for step in proof {
            if last == 0 { return false }
            if node & 1 == 1 || node == last {
                hash = nodeHash(step, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = nodeHash(hash, step)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether `proof` shows that the tree with `root` begins with the tree with `oldRoot` (RFC 9162 section 2.1.4.2).
    package static func verifyConsistency(
        oldSize: UInt64, oldRoot: [UInt8], size: UInt64, root: [UInt8], proof: [[UInt8]]
    ) -> Bool {
        guard oldSize <= size, proof.allSatisfy({ $0.count == hashSize }) else { return false }
        if oldSize == 0 { return proof.isEmpty && oldRoot == emptyRoot }
        if oldSize == size { return proof.isEmpty && oldRoot == root }
        var steps: ArraySlice<[UInt8]> = proof[...]
        // A power of two is a node of the new tree itself: the proof begins with it unsaid.
        let isPower: Bool = oldSize & (oldSize - 1) == 0
        guard let first = isPower ? oldRoot : steps.popFirst() else { return false }
        var (node, last): (UInt64, UInt64) = (oldSize - 1, size - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (old, new): ([UInt8], [UInt8]) = (first, first)
        for step in steps {
            if last == 0 { return false }
            if node & 1 == 1 || node == last {
                old = nodeHash(step, old)
                new = nodeHash(step, new)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = nodeHash(new, step)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == root
    }

    /// The largest power of two below `count`, which is at least 2.
    private static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }

    /// The hash over the leaves `start..<end`, where `start` is a multiple of the power of two that is not below the count.
    private static func rangeHash(_ start: UInt64, _ end: UInt64, _ hash: (Node) throws -> [UInt8]) rethrows
        -> [UInt8]
    {
        let count: UInt64 = end - start
        if count & (count - 1) == 0 {
            let level: Int = count.trailingZeroBitCount
            return try hash(Node(level: level, index: start >> UInt64(level)))
        }
        let middle: UInt64 = start + split(count)
        return nodeHash(try rangeHash(start, middle, hash), try rangeHash(middle, end, hash))
    }
}

/// A tree to which leaves are appended, remembered by the roots of its complete subtrees alone: one for each bit of the
/// size, the largest first. An append costs O(1) hashes on average and O(log size) at most.
package struct MerkleFrontier: Sendable, Hashable {
    package private(set) var size: UInt64
    /// The roots of the complete subtrees, as the bits of `size` from the highest down: what the store keeps.
    package private(set) var hashes: [[UInt8]]

    /// The empty tree.
    package init() {
        size = 0
        hashes = []
    }

    /// The tree that the store remembers; `malformed` if the hashes do not fit the size.
    package init(size: UInt64, hashes: [[UInt8]]) throws(CryptoError) {
        guard hashes.count == size.nonzeroBitCount, hashes.allSatisfy({ $0.count == MerkleTree.hashSize })
        else {
            throw .malformed(what: "the frontier of a Merkle tree")
        }
        self.size = size
        self.hashes = hashes
    }

    /// Appends a leaf. Answers the nodes that are complete now, the leaf's first: a store that keeps them can make any
    /// proof later.
    @discardableResult
    package mutating func append(leafHash: [UInt8]) -> [(node: MerkleTree.Node, hash: [UInt8])] {
        var completed: [(node: MerkleTree.Node, hash: [UInt8])] = []
        var hash: [UInt8] = leafHash
        var node: MerkleTree.Node = MerkleTree.Node(level: 0, index: size)
        completed.append((node, hash))
        while node.index & 1 == 1, let left = hashes.popLast() {
            hash = MerkleTree.nodeHash(left, hash)
            node = MerkleTree.Node(level: node.level + 1, index: node.index >> 1)
            completed.append((node, hash))
        }
        hashes.append(hash)
        size += 1
        return completed
    }

    /// The root over all leaves.
    package var root: [UInt8] {
        guard var root = hashes.last else { return MerkleTree.emptyRoot }
        for left in hashes.dropLast().reversed() { root = MerkleTree.nodeHash(left, root) }
        return root
    }
}
