import ArgumentParser
import Foundation
import Testing

@testable import linlictl

@Suite("Help of linlictl")
struct HelpTests {
    static let nouns: [any ParsableCommand.Type] = Linlictl.configuration.subcommands

    /// `LINLI_RECORD=1 swift test --filter AdminTests` writes the golden files anew.
    static func compare(_ text: String, with name: String, file: String = #filePath) throws {
        let folder: URL = URL(filePath: file).deletingLastPathComponent().appending(path: "Help")
        let url: URL = folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["LINLI_RECORD"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == text, "\(name) differs from its golden file")
    }

    /// A command, and those below it at any depth.
    private static func withAllBelow(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(withAllBelow)
    }

    @Test("the help of the program, and of each noun with its verbs, is as it was agreed")
    func golden() throws {
        try Self.compare(Linlictl.helpMessage(columns: 100) + "\n", with: "linlictl")
        for noun in Self.nouns {
            let text: String = Self.withAllBelow(noun).map { Linlictl.helpMessage(for: $0, columns: 100) }
                .joined(
                    separator: "\n\n----\n\n")
            try Self.compare(text + "\n", with: noun._commandName)
        }
    }

    @Test("every command says what it is for")
    func complete() {
        for noun in Self.nouns {
            for command in Self.withAllBelow(noun) {
                #expect(!command.configuration.abstract.isEmpty, "\(command)")
            }
        }
    }

    @Test("there is a completion script for each shell", arguments: CompletionShell.allCases)
    func completion(shell: CompletionShell) {
        let script: String = Linlictl.completionScript(for: shell)
        for noun in Self.nouns { #expect(script.contains(noun._commandName)) }
    }
}
