import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/**
 * Validates PDF files: Validate PROFILE,PROFILE FILE FILE...
 *
 * Each broken rule is a line of six fields parted by tabs: file, profile, rule, how often, where first, what.
 * Each validated file and profile ends in a line with the rule "done": a file without it was not validated.
 */
public class Validate {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : arguments[0].split(",")) {
            ValidationProfile profile = profile(name);
            for (int i = 1; i < arguments.length; i++) {
                try {
                    validate(arguments[i], name, profile);
                } catch (Exception error) {
                    report(arguments[i], name, "unreadable", 1, "", error.toString());
                }
                report(arguments[i], name, "done", 0, "", "");
            }
        }
    }

    private static ValidationProfile profile(String name) throws Exception {
        String path = "/org/verapdf/pdfa/validation/" + name + ".xml";
        try (InputStream stream = Validate.class.getResourceAsStream(path)) {
            return Profiles.profileFromXml(stream);
        }
    }

    private static void validate(String path, String name, ValidationProfile profile) throws Exception {
        try (PDFAParser parser =
                Foundries.defaultInstance().createParser(new File(path), profile.getPDFAFlavour())) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false);
            ValidationResult result = validator.validate(parser);
            Map<String, Integer> counts = new TreeMap<>();
            Map<String, TestAssertion> first = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    counts.merge(rule, 1, Integer::sum);
                    first.putIfAbsent(rule, assertion);
                }
            }
            for (String rule : counts.keySet()) {
                TestAssertion assertion = first.get(rule);
                report(path, name, rule, counts.get(rule),
                        assertion.getLocation().getContext(), assertion.getMessage());
            }
            if (!result.isCompliant() && counts.isEmpty()) {
                report(path, name, "not compliant", 1, "", "without a failed assertion");
            }
        }
    }

    private static void report(String path, String profile, String rule, int times, String where, String what) {
        OUT.println(String.join("\t",
                path, profile, rule, Integer.toString(times), oneLine(where), oneLine(what)));
    }

    private static String oneLine(String text) {
        return text == null ? "" : text.replaceAll("\\s+", " ");
    }
}
