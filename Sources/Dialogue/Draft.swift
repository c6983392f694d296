internal import FoundationEssentials
package import Kernel

/// A conversation as bytes, so that it can go on after a lost connection or a closed terminal.
///
/// Secrets are never in it: a password is asked for again. The bytes hold what the person typed and belong into a file
/// that only the person can read.
package enum Draft {
    /// Raised whenever an older program could misread the bytes.
    static let version = 2

    private struct Envelope: Codable {
        var version: Int
        var savedAt: Instant
        var state: DialogueState
    }
    private struct Header: Codable {
        var version: Int
    }

    /// Why bytes were not taken up.
    package enum Problem: Error, Sendable, Equatable {
        /// Not made by this program, or cut off.
        case damaged
        /// Made by another version.
        case otherVersion(Int)
        /// Older than `Limit.draftSeconds`, or from the future.
        case expired
    }

    /// The state without secrets, to be kept until `now` plus `Limit.draftSeconds`.
    package static func bytes(of state: DialogueState, now: Instant) throws -> [UInt8] {
        let envelope = Envelope(version: version, savedAt: now, state: state.withoutSecrets())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return [UInt8](try encoder.encode(envelope))
    }

    /// The state that was saved.
    package static func state(from bytes: [UInt8], now: Instant) throws(Problem) -> DialogueState {
        let envelope: Envelope
        do {
            let header = try JSONDecoder().decode(Header.self, from: Data(bytes))
            guard header.version == version else { throw Problem.otherVersion(header.version) }
            envelope = try JSONDecoder().decode(Envelope.self, from: Data(bytes))
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .damaged
        }
        let age = now.milliseconds(since: envelope.savedAt)
        guard age >= 0, age <= Limit.draftSeconds * 1_000 else { throw .expired }
        guard envelope.state.isConsistent else { throw .damaged }
        return envelope.state
    }
}

extension DialogueState {
    func withoutSecrets() -> DialogueState {
        var state = self
        state.frames = frames.map { frame in
            if case .form(let run) = frame { .form(run.withoutSecrets()) } else { frame }
        }
        state.draft = draft?.withoutSecrets()
        if pending?.holdsSecret == true { state.pending = nil }
        return state
    }

    /// False for bytes that were edited so that a cursor points past its form.
    var isConsistent: Bool {
        let runs =
            frames.compactMap { frame in if case .form(let run) = frame { run } else { nil } }
            + [draft].compactMap(\.self)
        return runs.allSatisfy(\.isConsistent)
    }
}

extension FormRun {
    func withoutSecrets() -> FormRun {
        var run = self
        let secrets = form.questions.filter(\.isSecret).map(\.id)
        guard !secrets.isEmpty else { return run }
        for id in secrets { run.answers[id] = nil }
        run.codeSentTo = nil
        if let first = run.nextUnanswered(from: 0) { run.cursor = .question(first) }
        return run
    }

    var isConsistent: Bool {
        guard !form.questions.isEmpty else { return false }
        switch cursor {
        case .summary: return true
        case .question(let index): return form.questions.indices.contains(index)
        case .offer(let index):
            return form.questions.indices.contains(index) && form.questions[index].offer != nil
        case .stop(let index, let choice):
            guard form.questions.indices.contains(index),
                case .choice(let choices) = form.questions[index].kind
            else { return false }
            return choices.indices.contains(choice) && choices[choice].stop != nil
        }
    }
}
