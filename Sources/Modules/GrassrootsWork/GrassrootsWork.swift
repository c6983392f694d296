package import Kernel
package import Platform
package import RPC
package import Storage

/// Grassroots work 基层工作: cases from the report to the archive.
package struct GrassrootsWork: Module {
    private let cases: Cases
    private let platform: Platform
    private let synthetic: SyntheticData

    /// - Parameter synthetic: whether people who do not exist may be named as reporters.
    package init(platform: Platform, synthetic: SyntheticData) {
        self.platform = platform
        self.synthetic = synthetic
        self.cases = Cases(
            data: CaseData(documents: platform.documents), files: platform.files, rules: CaseRules())
    }

    package static let migrations: [Migration] = CaseStore.migrations
    package static let access: [AccessRule] = CaseService.access
    package static let sealedColumns: [SealedColumns] = [
        SealedColumns("grassroots_case", "reporter_contact", binding: .column)
    ]
    /// Reads the documents that are this module's business.
    package static let documentReaders: [DocumentReader] = CaseData.readers

    package var services: [any Service] {
        [CaseService(platform: platform, cases: cases, synthetic: synthetic)]
    }
    package var taskSources: [any TaskSource] { [CaseTasks(cases: cases)] }

    /// Cases as their reporters see them, for the module that serves residents.
    package var reporters: CaseReporters { CaseReporters(cases: cases) }
    /// Who may see the photos of a case.
    package var photoAudience: any FileAudience { CasePhotoAudience() }
    /// What happens to cases by time alone.
    package var timers: CaseTimers { CaseTimers(platform: platform, cases: cases) }
    package var timedWork: [any TimedWork] { [timers] }
}
