package import Kernel
package import RPC

/// The authorization table: one row for each method. What has no row, nobody may call.
package struct AccessTable: Sendable {
    private let rules: [String: AccessRule]

    /// - Precondition: no method has two rows, and all roles are known.
    package init(_ rules: [AccessRule]) {
        var table: [String: AccessRule] = [:]
        for rule in rules {
            precondition(table[rule.method.path] == nil, "two access rules for \(rule.method.path)")
            for audience in rule.audiences {
                precondition(
                    audience.roles.isSubset(of: Role.all),
                    "an unknown role in the rule for \(rule.method.path)")
            }
            table[rule.method.path] = rule
        }
        self.rules = table
    }

    /// The row of a method; nil if it has none.
    package func rule(for method: MethodDescriptor) -> AccessRule? { rules[method.path] }

    /// All rows, in order of path.
    package var all: [AccessRule] { rules.keys.sorted().compactMap { rules[$0] } }

    /// Lets a caller pass or says why not. The answer is the same whether or not what the request names exists (AIP-211).
    ///
    /// - Throws: UNAUTHENTICATED (`NOT_SIGNED_IN`), PERMISSION_DENIED (`IDENTITY_LEVEL_TOO_LOW`, `PERMISSION_DENIED`).
    package func check(_ principal: Principal?, _ method: MethodDescriptor) throws(Refusal) {
        guard let rule = rules[method.path] else { throw .permissionDenied(reason: "METHOD_CLOSED") }
        if rule.admits(principal) { return }
        guard let principal else { throw .unauthenticated() }
        let level: Int? = rule.audiences.compactMap(\.residentLevel).min()
        if principal.kind == .resident, let level {
            throw .permissionDenied(
                reason: "IDENTITY_LEVEL_TOO_LOW", zh: level >= 3 ? "请先到服务窗口完成身份确认。" : "请先完成实名核验。",
                en: level >= 3
                    ? "Have your identity confirmed at a counter first." : "Verify your identity first.",
                metadata: ["requiredLevel": "\(level)", "level": "\(principal.level.rawValue)"])
        }
        throw .permissionDenied()
    }
}

extension AccessRule {
    /// Methods of the RPC runtime itself: health for everybody, reflection for staff (and everybody in a demonstration).
    package static func runtime(openReflection: Bool) -> [AccessRule] {
        let health: [AccessRule] = [
            ("Check", MethodKind.unary), ("List", .unary), ("Watch", .serverStreaming),
        ].map {
            AccessRule(MethodDescriptor(service: "grpc.health.v1.Health", method: $0.0, kind: $0.1), .anyone)
        }
        let reflection: [AccessRule] = ["v1", "v1alpha"].map { version in
            AccessRule(
                MethodDescriptor(
                    service: "grpc.reflection.\(version).ServerReflection", method: "ServerReflectionInfo",
                    kind: .bidirectionalStreaming),
                openReflection ? .anyone : .staff())
        }
        return health + reflection
    }
}
