import Foundation
import Testing

@Suite("The module graph holds") struct ModuleGraphTests {
    @Test(arguments: ModuleGraph.rules.map(\.folder))
    func aTargetImportsOnlyWhatItMaySee(folder: String) throws {
        let allowed: Set<String> = try #require(ModuleGraph.rules.first { $0.folder == folder }).allowed
        let files = try ModuleGraph.sources(below: folder)
        #expect(!files.isEmpty, "\(folder) holds no Swift file: the table is out of date")
        for file in files {
            let forbidden: Set<String> = ModuleGraph.forbiddenImports(in: file.text, allowed: allowed)
            #expect(forbidden.isEmpty, "\(file.path) imports \(forbidden.sorted())")
        }
    }

    @Test(arguments: ModuleGraph.tablePrefixes.map(\.folder))
    func aModuleTouchesOnlyItsOwnTables(folder: String) throws {
        let owner: String = try #require(ModuleGraph.tablePrefixes.first { $0.folder == folder }).prefix
        for file in try ModuleGraph.sources(below: folder) {
            let foreign: Set<String> = ModuleGraph.foreignTables(in: file.text, owner: owner)
            #expect(foreign.isEmpty, "\(file.path) names \(foreign.sorted())")
        }
    }

    /// The manifest is asked, not read: what SwiftPM understands is what counts.
    @Test func theManifestDeclaresNoEdgeThatTheTableForbids() throws {
        let manifest: String = try String(
            contentsOf: ModuleGraph.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        for rule in ModuleGraph.rules where rule.folder.hasPrefix("Sources/Modules/") {
            let name: String = String(rule.folder.dropFirst("Sources/Modules/".count))
            #expect(manifest.contains("module(\"\(name)\""), "\(name) is not declared as a module")
        }
        let shared = try #require(manifest.firstMatch(of: /func module[\s\S]*?\n}/)).output
        for module in ModuleGraph.modules { #expect(!shared.contains("\"\(module)\"")) }
    }

    // Each rule is seen failing on a planted violation, so that a silent test is not taken for a kept rule.

    @Test func aPlantedImportIsFound() {
        let planted: String =
            "import Kernel\npackage import LifeCircle\n@preconcurrency import struct OneStop.Item\n"
        #expect(
            ModuleGraph.forbiddenImports(in: planted, allowed: ["Kernel"]) == ["LifeCircle", "OneStop"])
    }

    @Test func aPlantedTableIsFound() {
        let planted: String = "SELECT 1 FROM grassroots_case JOIN\n platform_audit ON x = 1"
        #expect(
            ModuleGraph.foreignTables(in: planted, owner: "grassroots_") == ["platform_audit"])
    }
}

@Suite("House rules that a reader would forget") struct HouseRuleTests {
    /// What a source may not hold, and what to do instead.
    static let bans: [(text: String, instead: String)] = [
        ("TO" + "DO", "finish it or leave it out"),
        ("FIX" + "ME", "fix it"),
        ("Date" + "()", "take the time from Environment"),
        ("UUID" + "()", "take ids from Environment"),
        ("Thread" + ".sleep", "wait for a condition"),
    ]

    static func violations(in text: String) -> [String] {
        bans.filter { text.contains($0.text) }.map { "\($0.text): \($0.instead)" }
    }

    @Test(arguments: ["Sources", "frontends"])
    func sourcesHoldNothingBanned(folder: String) throws {
        for file in try ModuleGraph.sources(below: folder) where !file.path.contains("/Generated/") {
            let found: [String] = HouseRuleTests.violations(in: file.text)
            #expect(found.isEmpty, "\(file.path): \(found)")
        }
    }

    @Test func aPlantedBanIsFound() {
        #expect(HouseRuleTests.violations(in: "let now = Date" + "()").count == 1)
    }
}
