package outrider.scan;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/// Makes a record's component required, and never null, unless its type says `@Nullable`: the compiler's rule holds on
/// the wire too.
final class NullInTheType extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        return isComponent(member) ? Boolean.valueOf(!mayBeNull(member)) : super.hasRequiredMarker(config, member);
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        return isComponent(annotated)
                ? JsonSetter.Value.forValueNulls(mayBeNull(annotated) ? Nulls.SET : Nulls.FAIL)
                : super.findSetterInfo(config, annotated);
    }

    private static boolean isComponent(Annotated annotated) {
        return annotated instanceof AnnotatedParameter parameter
                && parameter.getDeclaringClass().isRecord();
    }

    private static boolean mayBeNull(Annotated annotated) {
        var parameter = (AnnotatedParameter) annotated;
        var type = parameter
                .getDeclaringClass()
                .getRecordComponents()[parameter.getIndex()]
                .getAnnotatedType();
        return Stream.of(type.getAnnotations()).anyMatch(Nullable.class::isInstance);
    }
}
