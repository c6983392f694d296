extension Refusal {
    /// One field is wrong.
    package static func invalid(
        field: String, reason: String, zh: String, en: String, metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(
            kind: .invalidArgument, reason: reason, zh: zh, en: en, metadata: metadata,
            fields: [FieldViolation(field: field, reason: reason, zh: zh, en: en)])
    }

    /// Several fields are wrong; the first one gives the reason and, with its fellows, the texts.
    ///
    /// - Precondition: `fields` is not empty.
    package static func invalid(_ fields: [FieldViolation]) -> Refusal {
        precondition(!fields.isEmpty, "a refusal of fields names at least one field")
        return Refusal(
            kind: .invalidArgument, reason: fields[0].reason,
            zh: fields.map(\.zh).joined(separator: ""), en: fields.map(\.en).joined(separator: " "),
            fields: fields)
    }

    /// The thing does not exist, or the caller may not know that it does.
    package static func notFound(
        reason: String = "NOT_FOUND", zh: String = "没有找到您要的内容，请核对后再试。",
        en: String = "What you asked for was not found. Check it and try again.",
        metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .notFound, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// The thing to be made exists already.
    package static func alreadyExists(
        reason: String = "ALREADY_EXISTS", zh: String, en: String, metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .alreadyExists, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// The caller is known and may not do this.
    package static func permissionDenied(
        reason: String = "PERMISSION_DENIED", zh: String = "您没有办理此事的权限，请联系管理员。",
        en: String = "You may not do this. Ask your administrator.", metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .permissionDenied, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// The thing is in a state in which this cannot be done.
    package static func wrongState(
        reason: String, zh: String, en: String, metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .failedPrecondition, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// Somebody else changed the thing since it was read (AIP-154).
    package static func conflict(
        reason: String = "CHANGED_MEANWHILE", zh: String = "内容刚被他人修改，请刷新后再试。",
        en: String = "Somebody else has just changed this. Read it again and repeat.",
        metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .aborted, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// A limit is reached; the same request may succeed after `retryAfterSeconds`.
    package static func exhausted(
        retryAfterSeconds: Int, reason: String, zh: String, en: String, metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(
            kind: .resourceExhausted(retryAfterSeconds: retryAfterSeconds), reason: reason, zh: zh, en: en,
            metadata: metadata)
    }

    /// The caller is not known.
    package static func unauthenticated(
        reason: String = "NOT_SIGNED_IN", zh: String = "请先登录。", en: String = "Sign in first.",
        metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .unauthenticated, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// The service cannot answer just now.
    package static func unavailable(
        reason: String = "UNAVAILABLE", zh: String = "服务暂时不可用，请稍后再试。",
        en: String = "The service cannot answer just now. Try again later.", metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .unavailable, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// A bug of ours or damaged data. The texts tell the caller nothing about the inside; log the cause where it is
    /// found.
    package static func internalError(
        reason: String = "INTERNAL", zh: String = "系统出现错误，我们会尽快处理。",
        en: String = "Something went wrong on our side.", metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .internalError, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// A value lies past the end of what exists.
    package static func outOfRange(
        reason: String, zh: String, en: String, metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .outOfRange, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// This server does not offer the operation.
    package static func unimplemented(
        reason: String = "UNIMPLEMENTED", zh: String = "本系统不提供此功能。",
        en: String = "This server does not offer that.", metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .unimplemented, reason: reason, zh: zh, en: en, metadata: metadata)
    }

    /// The caller's time was over before the work was done.
    package static func deadlineExceeded(
        reason: String = "DEADLINE_EXCEEDED", zh: String = "处理超时，请稍后再试。",
        en: String = "This took too long. Try again later.", metadata: [String: String] = [:]
    ) -> Refusal {
        Refusal(kind: .deadlineExceeded, reason: reason, zh: zh, en: en, metadata: metadata)
    }
}
