package outrider.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The walls of the design, held against every class of every module.
class WallsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("outrider");

    @ParameterizedTest
    @CsvSource({"scheduler, checker, insights", "checker, scheduler, insights", "insights, scheduler, checker"})
    void services_never_depend_on_each_other(String service, String other, String another) {
        noClasses()
                .that()
                .resideInAPackage("outrider." + service + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("outrider." + other + "..", "outrider." + another + "..")
                .because("they meet only in Kafka records, HTTP and their own tables")
                .check(CLASSES);
    }

    @Test
    void what_crosses_a_wire_knows_no_framework() {
        noClasses()
                .that()
                .resideInAnyPackage("outrider.scan..", "outrider.insight..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.sql..", "org.apache.kafka..", "io.micrometer..")
                .because("common holds wire records, and every service of every release must be able to read them")
                .check(CLASSES);
    }

    @Test
    void the_lane_runtime_knows_no_framework_and_no_scans() {
        noClasses()
                .that()
                .resideInAPackage("outrider.lanes..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "outrider.scan..", "outrider.insight..", "java.net.http..")
                .because("it is a library of its own, to be read, tested, measured and reused alone")
                .check(CLASSES);
    }

    @Test
    void the_checker_has_no_way_to_a_database() {
        noClasses()
                .that()
                .resideInAPackage("outrider.checker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.postgresql..")
                .because("it faces hostile hosts, so it must hold nothing worth stealing")
                .check(CLASSES);
    }

    @Test
    void packages_are_named_after_features() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..controller..",
                        "..service..",
                        "..repository..",
                        "..model..",
                        "..dto..",
                        "..config..",
                        "..util..",
                        "..impl..")
                .because("a package is a feature, never a layer")
                .check(CLASSES);
    }
}
